/**
 * The only place that prints. Results go to stdout, all else (progress, errors) to stderr, so that a pipe gets
 * nothing but the result.
 */
import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import type { ErrorReport } from '../command-error.ts';
import type { CommandResult, ProgressDisplay } from '../commands/command.ts';
import { isLongUntaken, type JobProgress } from '../job-progress.ts';
import { gradePaint, type Paint, plainPaint } from './paint.ts';
import { renderProgressBar, renderProgressLine } from './render-progress.ts';

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** One JSON document on stdout, errors as JSON on stderr, and nothing else. */
  readonly json: boolean;
}

export interface Terminal {
  readonly paint: Paint;
  readonly progress: ProgressDisplay;
  result(result: CommandResult): void;
  error(report: ErrorReport): void;
  /** A line for people about what was asked for, such as after Ctrl-C. */
  notice(line: string, document: unknown): void;
  /** Where a defect was thrown. */
  trace(error: unknown): void;
}

export function createTerminal({ stdout, stderr, json }: TerminalOptions): Terminal {
  const isColoured = stdout.isTTY === true && stdout.hasColors?.() === true;
  const writeLine = (stream: Writable, text: string) => stream.write(`${text}\n`);
  return {
    paint: isColoured ? gradePaint : plainPaint,
    progress: json ? SILENT : stderr.isTTY === true ? drawnProgress(stderr) : linewiseProgress(stderr),

    result({ document, text }) {
      writeLine(stdout, json ? JSON.stringify(document, null, 2) : text);
    },

    error({ code, message, remedy }) {
      const text = json
        ? JSON.stringify({ error: { code, message: oneLine(message), remedy: oneLine(remedy) } })
        : `nutrisage: ${oneLine(asSentence(message), remedy)}`;
      writeLine(stderr, text);
    },

    trace(error) {
      writeLine(stderr, error instanceof Error ? (error.stack ?? error.message) : String(error));
    },

    notice(line, document) {
      writeLine(stderr, json ? JSON.stringify(document) : line);
    },
  };
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** Texts one after the other on one line, whatever line ends a library put into them. */
function oneLine(...texts: readonly string[]): string {
  return texts
    .join(' ')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}

const SILENT: ProgressDisplay = { note() {}, show() {}, finish() {} };

/** A line that redraws itself, gone when the wait ends. */
function drawnProgress(stderr: OutputStream): ProgressDisplay {
  let bar: SingleBar | undefined;
  return {
    note(line) {
      stderr.write(`${line}\n`);
    },
    show(progress) {
      if (bar === undefined) {
        bar = new SingleBar({
          stream: stderr as NodeJS.WritableStream,
          format: (_options, _params, payload: { progress: JobProgress }) =>
            renderProgressBar(payload.progress),
          hideCursor: true,
          clearOnComplete: true,
          // Ctrl-C is the command's own matter.
          gracefulExit: false,
        });
        bar.start(1, 0, { progress });
      }
      bar.update({ progress });
    },
    finish() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** Between two lines of a log: seldom enough to read, often enough to see that it lives. */
const LINE_MILLISECONDS = 5000;

interface ShownLine {
  readonly state: JobProgress['state'];
  readonly isUntaken: boolean;
  readonly atMilliseconds: number;
}

/** Lines for a log: one at each change of state and one every few seconds; that nobody has taken it, once. */
function linewiseProgress(stderr: OutputStream): ProgressDisplay {
  let shown: ShownLine | undefined;
  return {
    note(line) {
      stderr.write(`${line}\n`);
    },
    show(progress) {
      const now = performance.now();
      const { state } = progress;
      const isUntaken = isLongUntaken(progress);
      const isNews = shown?.state !== state || shown.isUntaken !== isUntaken;
      const isSoon = now - (shown?.atMilliseconds ?? 0) < LINE_MILLISECONDS;
      if (!isNews && (isSoon || isUntaken)) return;
      shown = { state, isUntaken, atMilliseconds: now };
      stderr.write(`${renderProgressLine(progress)}\n`);
    },
    finish() {
      shown = undefined;
    },
  };
}
