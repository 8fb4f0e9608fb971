/**
 * The page's files, read once. Its scripts are TypeScript, as everything here: types are stripped when the page is first
 * wanted, so there is nothing to build and nothing to forget building.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { COLOURS, GRADE_COLOURS } from '../../../core/report/palette.ts';
import { GRADES, type RulesVersion } from '../../../schemas/grade.ts';
import { PAGE_ICON } from '../docs/page-icon.ts';
import { pageData } from './page-data.ts';

export interface PageFiles {
  readonly html: string;
  /** Style sheets by their names. */
  readonly styles: Readonly<Record<string, string>>;
  /** Scripts by their names. */
  readonly scripts: Readonly<Record<string, string>>;
}

const SCRIPTS = [
  'main.ts',
  'data.ts',
  'elements.ts',
  'grade-client.ts',
  'paste.ts',
  'render-details.ts',
] as const;

const STYLES = ['page.css', 'grade.css'] as const;

const read = (name: string): string => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');

export function readPageFiles(rules: RulesVersion): PageFiles {
  // Within a script element only `<` could end it.
  const data = JSON.stringify(pageData(rules)).replaceAll('<', '\\u003c');
  return {
    html: read('index.html')
      .replace('<!--icon-->', PAGE_ICON)
      .replace('/*variables*/', variables())
      .replace('{}</script>', () => `${data}</script>`),
    styles: Object.fromEntries(STYLES.map((name) => [name, read(name)])),
    scripts: Object.fromEntries(SCRIPTS.map((name) => [name, withoutTypes(read(name))])),
  };
}

function withoutTypes(source: string): string {
  const { emitWarning } = process;
  // The call says each time that it is experimental; it is what Node itself runs this program with.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The colours that all pages share, as the style sheet uses them. */
function variables(): string {
  const own = (scheme: 'light' | 'dark') =>
    Object.entries(COLOURS)
      .map(([role, colours]) => `--${role}:${colours[scheme]}`)
      .join(';');
  const grades = GRADES.map((grade, index) => `--${grade}:${GRADE_COLOURS[index]}`).join(';');
  return (
    `:root{color-scheme:light dark;${own('light')};${grades};--panel:#f5f7f9;--edge:#c3cad2;--faint:#8b95a1}` +
    `@media (prefers-color-scheme:dark){:root{${own('dark')};--panel:#1c2229;--edge:#4a535e;--faint:#76818d}}`
  );
}
