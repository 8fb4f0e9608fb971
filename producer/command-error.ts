/**
 * What stops a command, and the exit code it ends with. Faults of files, shards and services keep their
 * code from `core/errors.ts`; the codes here are those that only the command line has.
 */
import { type ErrorCode, NutrisageError } from '../core/errors.ts';
import { ENVIRONMENT, EXIT_CODES } from '../schemas/names.ts';

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The command line's own codes, each with its exit code. `docs/cli.md` explains each; a test compares. */
export const COMMAND_ERROR_CODES = {
  usage: EXIT_CODES.usage,
  'file-missing': EXIT_CODES.usage,
  'file-changed': EXIT_CODES.usage,
  'no-parquet-files': EXIT_CODES.usage,
  'too-many-files': EXIT_CODES.usage,
  'bad-mapping': EXIT_CODES.usage,
  'bad-prices': EXIT_CODES.usage,
  'bad-item': EXIT_CODES.usage,
  'bad-schedule': EXIT_CODES.usage,
  'not-configured': EXIT_CODES.usage,
  'bad-configuration': EXIT_CODES.usage,
  'resource-missing': EXIT_CODES.usage,
  'cannot-write': EXIT_CODES.usage,
  'job-missing': EXIT_CODES.failed,
  'job-not-finished': EXIT_CODES.failed,
  'summary-missing': EXIT_CODES.failed,
  'drift-missing': EXIT_CODES.failed,
  'not-comparable': EXIT_CODES.failed,
  'code-missing': EXIT_CODES.failed,
  'logs-elsewhere': EXIT_CODES.failed,
  'no-dead-letters': EXIT_CODES.failed,
  'stack-stopped': EXIT_CODES.unreachable,
  'access-denied': EXIT_CODES.unreachable,
  'service-refused': EXIT_CODES.unreachable,
  'endpoint-unavailable': EXIT_CODES.unreachable,
  'endpoint-refused': EXIT_CODES.unreachable,
} as const satisfies Record<string, ExitCode>;

export type CommandErrorCode = keyof typeof COMMAND_ERROR_CODES;

/** An error of the command line: one line that names the thing and the cause, and one that says what to do. */
export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly remedy: string;

  constructor(code: CommandErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CommandError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** Faults of services, which another try may mend; every other fault of a file or message is bad input. */
const UNREACHABLE: ReadonlySet<ErrorCode> = new Set([
  'store-unavailable',
  'table-unavailable',
  'queue-unavailable',
]);

/** What is printed of an error, as text or as JSON. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly exitCode: number;
}

/** Any thrown value as a report; what is neither kind of ours is a defect and says so. */
export function reportError(thrown: unknown): ErrorReport {
  if (thrown instanceof CommandError) {
    const { code, message, remedy } = thrown;
    return { code, message, remedy, exitCode: COMMAND_ERROR_CODES[code] };
  }
  if (thrown instanceof NutrisageError) {
    const { code, message, remedy } = thrown;
    return { code, message, remedy, exitCode: exitCodeOf(code) };
  }
  return {
    code: 'unexpected',
    message: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    remedy: `This is a defect of the command. Run it again with ${ENVIRONMENT.logLevel}=debug for the stack, and report it.`,
    exitCode: EXIT_CODES.failed,
  };
}

function exitCodeOf(code: ErrorCode): ExitCode {
  if (UNREACHABLE.has(code)) return EXIT_CODES.unreachable;
  return code === 'unexpected' ? EXIT_CODES.failed : EXIT_CODES.usage;
}
