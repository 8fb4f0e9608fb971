/**
 * A study on disk: JSON lines, only ever added to, so that no interruption loses what was done. A line that was
 * cut off in the middle of writing is the last one; it is dropped and written over.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createParser, SchemaError } from '../../../schemas/parse.ts';
import { StudyHeader, StudyLine } from '../../../schemas/tuning-study.ts';
import { addLine, type Study } from './study.ts';

const lineParser = createParser('a line of the study', StudyLine);
const headerParser = createParser('the first line of the study', StudyHeader);

/** What a hash stands for: itself it tells a reader nothing. */
const HASHES: Partial<Record<keyof StudyHeader, string>> = {
  fingerprint: 'other rows',
  space: 'another search space',
};
const HEADER_START = '{"kind":"study"';

/** The file is there and is no study, or is another study than the one that is asked for. */
export class StudyFileError extends Error {
  constructor(path: string, problem: string, options?: { cause?: unknown }) {
    super(`${path} ${problem}`, options);
    this.name = 'StudyFileError';
  }
}

export interface StudyFile extends Disposable {
  /** The study as it stands. */
  readonly study: Study;
  /** Adds a line to the file and to the study. */
  append(line: StudyLine): void;
}

/** A study's lines without a line that was cut off, and how many bytes of the file those are. */
interface WholeLines {
  readonly study: Study;
  readonly bytes: number;
}

/** @throws {StudyFileError} when the file is not there, is no study or is damaged before its last line. */
export function readStudy(path: string): Study {
  if (!existsSync(path)) throw new StudyFileError(path, 'is not there');
  const whole = readWholeLines(path);
  if (whole === null) throw new StudyFileError(path, 'has no whole line');
  return whole.study;
}

/**
 * Opens a study to go on with, or begins it. One process at a time: two would number their trials alike.
 * @throws {StudyFileError} when the file is no study, is damaged, or was begun with another header.
 */
export function openStudy(path: string, header: StudyHeader): StudyFile {
  const whole = existsSync(path) ? readWholeLines(path) : null;
  if (whole !== null) refuseOther(path, whole.study.header, header);
  let study: Study = whole?.study ?? { header, trials: [] };
  const file = openSync(path, whole === null ? 'w' : 'r+');
  let position = whole?.bytes ?? 0;
  ftruncateSync(file, position);
  const write = (line: StudyLine): void => {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, position + at);
    position += bytes.length;
  };
  if (whole === null) write(header);
  return {
    get study() {
      return study;
    },
    append(line) {
      study = addLine(study, line);
      write(line);
    },
    [Symbol.dispose]() {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

function readWholeLines(path: string): WholeLines | null {
  const bytes = readFileSync(path);
  // What follows the last line feed was cut off, or is nothing.
  const length = bytes.lastIndexOf(0x0a) + 1;
  if (length === 0) {
    // Other content than a torn header is somebody's file, not to be written over.
    const isTorn = HEADER_START.startsWith(bytes.toString().slice(0, HEADER_START.length));
    if (!isTorn) throw new StudyFileError(path, 'is no study');
    return null;
  }
  const [first = '', ...rest] = bytes
    .subarray(0, length - 1)
    .toString()
    .split('\n');
  const header = parseLine(path, 1, first, headerParser.parse);
  let study: Study = { header, trials: [] };
  rest.forEach((text, at) => {
    study = parseLine(path, at + 2, text, (value) => addLine(study, lineParser.parse(value)));
  });
  return { study, bytes: length };
}

function parseLine<T>(path: string, number: number, text: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    const isExpected =
      cause instanceof SyntaxError || cause instanceof SchemaError || cause instanceof RangeError;
    if (!isExpected) throw cause;
    const problem = number === 1 ? 'is no study' : 'is damaged';
    throw new StudyFileError(path, `${problem}: line ${number}: ${cause.message}`, { cause });
  }
}

function refuseOther(path: string, found: StudyHeader, wanted: StudyHeader): void {
  const differences = (Object.keys(wanted) as (keyof StudyHeader)[]).filter(
    (name) => found[name] !== wanted[name],
  );
  if (differences.length === 0) return;
  const told = (name: keyof StudyHeader): string =>
    HASHES[name] ?? `${name} ${found[name]}, now ${wanted[name]}`;
  const listed = differences.map(told).join('; ');
  throw new StudyFileError(
    path,
    `is a study with other settings (${listed}): give them again, or another file`,
  );
}
