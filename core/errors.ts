/**
 * What happens next with the work that an error stopped.
 * `retry`: another attempt may succeed. `fail`: none will; the failure is recorded and the message moves to
 * the dead-letter queue. A row that must not be graded is no error: see `core/validation`.
 */
export type Disposition = 'retry' | 'fail';

/**
 * Codes of everything that can stop a file, a shard or a message, each with its disposition.
 * A code is never reused for another meaning. `docs/errors.md` explains each to users; a test compares.
 */
export const ERROR_CODES = {
  'not-parquet': 'fail',
  'empty-file': 'fail',
  'truncated-parquet': 'fail',
  'damaged-parquet': 'fail',
  'no-rows': 'fail',
  'unrecognised-columns': 'fail',
  'wrong-column-type': 'fail',
  'mapping-mismatch': 'fail',
  'row-group-too-large': 'fail',
  'above-ceiling': 'fail',
  'object-missing': 'fail',
  'object-changed': 'fail',
  'object-unreadable': 'fail',
  'bucket-missing': 'fail',
  'malformed-message': 'fail',
  'model-missing': 'fail',
  'model-damaged': 'fail',
  'reader-out-of-memory': 'fail',
  'given-up': 'fail',
  'source-missing': 'fail',
  'source-damaged': 'fail',
  'no-usable-label': 'fail',
  'disk-full': 'fail',
  'memory-too-small': 'fail',
  'download-incomplete': 'retry',
  'store-unavailable': 'retry',
  'table-unavailable': 'retry',
  'queue-unavailable': 'retry',
  'thread-died': 'retry',
  'thread-stuck': 'retry',
  'lease-lost': 'retry',
  interrupted: 'retry',
  unexpected: 'retry',
} as const satisfies Record<string, Disposition>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error that names the thing and the cause (`message`) and the remedy, and says what happens next. */
export class NutrisageError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'NutrisageError';
    this.code = code;
    this.remedy = remedy;
  }

  get disposition(): Disposition {
    return ERROR_CODES[this.code];
  }
}

/** Any thrown value as a `NutrisageError`; what is not one already becomes `unexpected`, to be retried. */
export function asNutrisageError(thrown: unknown): NutrisageError {
  if (thrown instanceof NutrisageError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new NutrisageError(
    'unexpected',
    message,
    'Look at the log of the worker that had it; it is tried again by itself.',
    { cause: thrown },
  );
}

/** Plain form for messages between threads, the ledger and the dead-letter queue. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

export function toErrorRecord(error: NutrisageError): ErrorRecord {
  return { code: error.code, message: error.message, remedy: error.remedy };
}

export function fromErrorRecord(record: ErrorRecord): NutrisageError {
  return new NutrisageError(record.code, record.message, record.remedy);
}
