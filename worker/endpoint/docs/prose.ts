import { escapeText } from '../../../core/report/escape.ts';

/** A sentence of the document as HTML: what stands between backticks is code. */
export function prose(text: string): string {
  return escapeText(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
