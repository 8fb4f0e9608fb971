/** Colours of the terminal, or none. */

/** Paints a bar by the label beside it. */
export type Paint = (label: string, text: string) => string;

export const plainPaint: Paint = (_label, text) => text;

/** The Nutri-Score logo's colours by letter, nearest in the 256-colour palette. */
const GRADE_COLOURS: Readonly<Record<string, number>> = { A: 29, B: 113, C: 220, D: 208, E: 166 };

export const gradePaint: Paint = (label, text) => {
  const colour = GRADE_COLOURS[label];
  return colour === undefined || text === '' ? text : `\u001B[38;5;${colour}m${text}\u001B[39m`;
};
