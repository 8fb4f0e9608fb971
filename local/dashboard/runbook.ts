/** docs/runbook.md as data: what the page shows of it in place, beside the alarm that it is about. */

export type RunbookSpan =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  /** `heading` is that of another section. */
  | { readonly kind: 'section'; readonly text: string; readonly heading: string };

export interface RunbookSection {
  /** Meaning, Look and Do, in this order. */
  readonly parts: readonly { readonly label: string; readonly spans: readonly RunbookSpan[] }[];
}

/** Sections by their headings. Of Markdown it knows what the runbook uses; links to other pages become their words. */
export function parseRunbook(markdown: string): Readonly<Record<string, RunbookSection>> {
  const sections = markdown.split(/^## /m).slice(1);
  const headings = new Map(
    sections.map((section) => [anchorOf(headingOf(section)), headingOf(section)] as const),
  );
  return Object.fromEntries(
    sections.map((section) => [headingOf(section), { parts: partsOf(section, headings) }]),
  );
}

function headingOf(section: string): string {
  return section.slice(0, section.indexOf('\n')).trim();
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return `#${heading.toLowerCase().replaceAll(' ', '-')}`;
}

const PART = /^\*\*(\w+)\.\*\*\s+([\s\S]+)$/;

function partsOf(section: string, headings: ReadonlyMap<string, string>): RunbookSection['parts'] {
  return section.split(/\n{2,}/).flatMap((paragraph) => {
    const [, label, text] = PART.exec(paragraph.trim()) ?? [];
    if (label === undefined || text === undefined) return [];
    return [{ label, spans: spansOf(text.replaceAll(/\s+/g, ' '), headings) }];
  });
}

const MARKED = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)/g;

function spansOf(text: string, headings: ReadonlyMap<string, string>): readonly RunbookSpan[] {
  const spans: RunbookSpan[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > from) spans.push({ kind: 'text', text: text.slice(from, match.index) });
    spans.push(markedSpan(match, headings));
    from = match.index + match[0].length;
  }
  return from === text.length ? spans : [...spans, { kind: 'text', text: text.slice(from) }];
}

function markedSpan(match: RegExpExecArray, headings: ReadonlyMap<string, string>): RunbookSpan {
  const [whole, code, strong, emphasis, words = whole, target = ''] = match;
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis };
  const heading = headings.get(target);
  return heading === undefined ? { kind: 'text', text: words } : { kind: 'section', text: words, heading };
}
