/** What a message's attribute may not carry: all that is no character of XML 1.0. */
const NO_XML_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const CODE_POINTS_MAX = 2000;

/** A reason as the dead-letter queue keeps it: the same on every queue, and within what SQS takes. */
export function deadLetterText(text: string): string {
  const allowed = text.replace(NO_XML_CHARACTER, '\uFFFD');
  return Array.from(allowed).slice(0, CODE_POINTS_MAX).join('');
}
