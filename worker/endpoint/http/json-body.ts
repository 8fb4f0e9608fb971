/** The bytes of a body as JSON. */
import { isAscii, isUtf8 } from 'node:buffer';
import { ProblemError } from './problem.ts';

const BYTE_ORDER_MARK = '\ufeff';

/** @throws {ProblemError} `invalid-json` */
export function parseJson(bytes: Buffer): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProblemError('invalid-json', { detail: `The body is not JSON: ${reason}.`, cause });
  }
}

function textOf(bytes: Buffer): string {
  if (bytes.length === 0) throw invalid('The body is empty: send an item or a list of them.');
  // Most bodies are ASCII, which needs no decoding.
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) throw invalid('The body is not UTF-8, in which JSON is sent.');
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function invalid(detail: string): ProblemError {
  return new ProblemError('invalid-json', { detail });
}
