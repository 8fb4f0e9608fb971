/** How far the ingest is, on a terminal as one line that redraws itself, elsewhere as a line every few seconds. */

export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** A new step; what it counts is named by `unit`. `total` 0: not known. */
  begin(step: string, unit: 'rows' | 'bytes'): void;
  update(done: number, total: number): void;
  note(line: string): void;
  end(): void;
}

const LINE_MILLISECONDS = 5000;
const REDRAW_MILLISECONDS = 200;
const CLEAR_LINE = '\r\u001b[2K';

export function createProgress(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): Progress {
  const isTerminal = stream.isTTY === true;
  const interval = isTerminal ? REDRAW_MILLISECONDS : LINE_MILLISECONDS;
  let step = '';
  let unit: 'rows' | 'bytes' = 'rows';
  let startedAt = 0;
  let shownAt = 0;
  let startedWith: number | undefined;
  const clear = isTerminal ? CLEAR_LINE : '';
  return {
    begin(name, counted) {
      step = name;
      unit = counted;
      startedAt = now();
      // The first line of a log comes after one interval: most steps are over by then.
      shownAt = isTerminal ? 0 : startedAt;
      startedWith = undefined;
    },
    update(done, total) {
      const time = now();
      // A resumed download begins with what it had: that came at no rate of this run.
      startedWith ??= unit === 'bytes' ? done : 0;
      if (time - shownAt < interval) return;
      shownAt = time;
      const line = progressLine({
        step,
        unit,
        done,
        total,
        since: startedWith,
        seconds: (time - startedAt) / 1000,
      });
      stream.write(isTerminal ? `${clear}${line}` : `${line}\n`);
    },
    note(line) {
      stream.write(`${clear}${line}\n`);
    },
    end() {
      if (isTerminal) stream.write(clear);
    },
  };
}

export interface Sight {
  readonly step: string;
  readonly unit: 'rows' | 'bytes';
  readonly done: number;
  readonly total: number;
  /** What was done when the step began. */
  readonly since: number;
  readonly seconds: number;
}

/** `reading: 450,000 of 1,000,000 rows (45 %), 81,000 rows/s, 7 s left`. */
export function progressLine({ step, unit, done, total, since, seconds }: Sight): string {
  const rate = seconds > 0 ? (done - since) / seconds : 0;
  const amount = unit === 'rows' ? count : megabytes;
  const of = total > 0 ? ` of ${amount(total)}` : '';
  const unitName = unit === 'rows' ? 'rows' : 'MB';
  const share = total > 0 ? ` (${Math.floor((100 * Math.min(done, total)) / total)} %)` : '';
  const parts = [`${step}: ${amount(done)}${of} ${unitName}${share}`];
  if (rate > 0) parts.push(`${amount(rate)} ${unitName}/s`);
  if (rate > 0 && total > done) parts.push(`${duration((total - done) / rate)} left`);
  return parts.join(', ');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
