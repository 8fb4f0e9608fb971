/**
 * Colours of the figures and the page. A figure is drawn in the light ones; the dark ones replace them by
 * attribute selectors (`[fill="#1c2126"]`), so a drawing is right wherever it is shown: inline, as an image
 * file, and in viewers that know neither CSS variables nor media queries. Hence no two roles share a value.
 */
import { GRADES } from '../../schemas/grade.ts';

export const COLOURS = {
  paper: { light: '#ffffff', dark: '#14181d' },
  ink: { light: '#1c2126', dark: '#e8eaed' },
  muted: { light: '#57606a', dark: '#a3adb8' },
  line: { light: '#dfe3e8', dark: '#343b44' },
  accent: { light: '#2457a6', dark: '#7fb0ff' },
  orange: { light: '#b35c00', dark: '#f0a45d' },
  teal: { light: '#00736f', dark: '#4fc7c0' },
  purple: { light: '#7a4fb5', dark: '#bb9cf2' },
  rose: { light: '#a8325e', dark: '#f08cb0' },
} as const satisfies Record<string, { readonly light: string; readonly dark: string }>;

export const PAPER = COLOURS.paper.light;
export const INK = COLOURS.ink.light;
export const MUTED = COLOURS.muted.light;
export const LINE = COLOURS.line.light;
export const ACCENT = COLOURS.accent.light;

/** Whatever is compared with the model: colour and mark, so that neither alone must be told apart. */
export const OTHERS = [
  { colour: COLOURS.orange.light, symbol: 'diamond' },
  { colour: COLOURS.teal.light, symbol: 'triangle' },
  { colour: COLOURS.purple.light, symbol: 'rect' },
  { colour: COLOURS.rose.light, symbol: 'roundRect' },
  { colour: MUTED, symbol: 'arrow' },
] as const;

/** The Nutri-Score's own colours, a to e; the same on light and dark. Source: Santé publique France, logo. */
export const GRADE_COLOURS: readonly string[] = ['#038141', '#85bb2f', '#fecb02', '#ee8100', '#e63e11'];

/** `A` to `E`, as the logo writes them. */
export const GRADE_LETTERS: readonly string[] = GRADES.map((grade) => grade.toUpperCase());

/** Rules that turn light colours into dark ones inside `selector`. */
export function darkRules(selector: string): string {
  return Object.values(COLOURS)
    .map(
      ({ light, dark }) =>
        `${selector} [fill="${light}"]{fill:${dark}}${selector} [stroke="${light}"]{stroke:${dark}}`,
    )
    .join('');
}
