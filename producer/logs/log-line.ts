/** A line of a log: JSON as pino writes it, of which these members are known. */
export interface LogLine {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
  readonly [member: string]: unknown;
}

/** pino's numbers. */
export const LOG_LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

/** The line, or nothing where it is none: a crash's stack, or half a line that is just being written. */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<LogLine>; // any member may be missing
    const isLine =
      typeof line.level === 'number' && typeof line.time === 'number' && typeof line.msg === 'string';
    return isLine ? (line as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
