import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Logs grow for days: only this much of the end is read, in bytes. */
const TAIL_BYTES = 4096;
const LINE_LENGTH_MAX = 300;

/** The last line of a text file that is not blank, cut to 300 characters; a remark in brackets without one. */
export function lastLine(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '(no log)';
  }
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const line = tail.toString('utf8').trimEnd().split('\n').at(-1)?.trim() ?? '';
    return line === '' ? '(nothing)' : line.slice(0, LINE_LENGTH_MAX);
  } finally {
    closeSync(file);
  }
}
