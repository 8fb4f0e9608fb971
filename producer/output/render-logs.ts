/** Lines of logs as people read them. */
import { LOG_LEVELS, type LogLine } from '../logs/log-line.ts';
import { pad } from './render-format.ts';

/** Said in the line's head, or by every line alike. */
const SHOWN_APART = new Set(['level', 'time', 'msg', 'worker', 'program', 'job', 'correlation', 'err']);

/** One line each: time (UTC), program, level unless it is the usual one, message, members. */
export function renderLogLines(lines: readonly LogLine[]): string {
  const programs = lines.map(programOf);
  const columns = Math.max(...programs.map((name) => name.length));
  return lines.map((line, index) => lineText(line, pad(programs[index] ?? '', columns, 'left'))).join('\n');
}

function lineText(line: LogLine, program: string): string {
  const level = Object.entries(LOG_LEVELS).find(([, number]) => number === line.level)?.[0] ?? '';
  const members = Object.entries(line)
    .filter(([name, value]) => !SHOWN_APART.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${memberText(value)}`);
  const said = level === 'info' ? line.msg : `${level.toUpperCase()} ${line.msg}`;
  return [timeText(line.time), program, [said, ...members, ...errorText(line)].join('  ')].join('  ');
}

function programOf({ worker, program }: LogLine): string {
  return typeof worker === 'string' ? worker : typeof program === 'string' ? program : '';
}

/** `2026-11-23 19:02:11.123`: the day too, since a job may wait over night. */
function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('Z', '');
}

/** Numbers to a millisecond’s digits, texts as they are, the rest as JSON. */
function memberText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toFixed(3)));
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'number' ? Number(inner.toFixed(3)) : (inner as unknown),
  );
}

function errorText({ err }: LogLine): string[] {
  const isError = typeof err === 'object' && err !== null && 'message' in err;
  return isError ? [`(${String(err.message)})`] : [];
}
