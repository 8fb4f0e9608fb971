/** What a command is given, and what it gives back: nothing is printed but what it returns. */
import type { Readable } from 'node:stream';
import type { ExitCode } from '../command-error.ts';
import type { Environment } from '../configuration.ts';
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

/** What a command has that asks none of the services, so that none need be configured. */
export interface AloneContext extends Omit<CommandContext, 'services'> {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly stdin: Readable;
}

/** Runs one command; given by `main.ts`, which settles the configuration first. */
export type Execute = (command: (context: CommandContext) => Promise<CommandResult>) => Promise<void>;

/** Runs one command that needs no service, and so no configuration. */
export type ExecuteAlone = (command: (context: AloneContext) => Promise<CommandResult>) => Promise<void>;
