/** What a command is given, and what it gives back: nothing is printed but what it returns. */
import type { ExitCode } from '../command-error.ts';
import type { JobProgress } from '../job-progress.ts';
import type { Paint } from '../output/paint.ts';
import type { Services } from './ports.ts';

export interface CommandResult {
  /** The one JSON document of `--json`. */
  readonly document: unknown;
  /** The same for people. */
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** Where a command tells how it is getting on; silent with `--json`. */
export interface ProgressDisplay {
  /** One line that stays. */
  note(line: string): void;
  show(progress: JobProgress): void;
  /** Ends what `show` draws; the next line begins on a clean one. */
  finish(): void;
}

export interface CommandContext {
  readonly services: Services;
  readonly progress: ProgressDisplay;
  readonly paint: Paint;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
