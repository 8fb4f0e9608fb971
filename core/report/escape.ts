/** Text for HTML and SVG, in content and in quoted attributes. Control characters, which XML forbids, go. */
export function escapeText(text: string): string {
  return cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Without control characters but line breaks; for text that somebody else escapes. */
export function cleanText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, ' ');
}
