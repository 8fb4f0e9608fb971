import { escapeText } from './escape.ts';

/** Cells are plain text; the first of each row is its heading. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const headings = head.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('');
  const body = rows
    .map(([first = '', ...rest]) => {
      const cells = rest.map((text) => `<td>${escapeText(text)}</td>`).join('');
      return `<tr><th scope="row">${escapeText(first)}</th>${cells}</tr>`;
    })
    .join('\n');
  return (
    // The frame scrolls sideways on a phone; tabindex lets the keyboard scroll it.
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeText(caption)}"><table><caption>${escapeText(caption)}</caption>` +
    `<thead><tr>${headings}</tr></thead><tbody>${body}</tbody></table></div>`
  );
}
