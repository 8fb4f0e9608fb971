/** DuckDB for one run: bounded in memory, spilling below the output, its errors in our own words. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { NutrisageError } from '../../core/errors.ts';

export interface DatabaseOptions {
  /** Database file, made new. On disk, so that its tables do not count against the memory. */
  readonly path: string;
  readonly spillDirectory: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface QueryProgress {
  readonly done: number;
  /** 0 where it is not known. */
  readonly total: number;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** @throws {NutrisageError} `disk-full`, `memory-too-small`, `interrupted`; DuckDB's own otherwise. */
  run(sql: string, onProgress?: (progress: QueryProgress) => void): Promise<void>;
  rows(sql: string): Promise<Row[]>;
  /** Opens a table of two columns, INTEGER and UINTEGER, for appending pairs; `close` it before it is read. */
  openPairs(table: string): Promise<PairAppender>;
  close(): void;
}

export interface PairAppender {
  append(first: number, second: number): void;
  close(): void;
}

const POLL_MILLISECONDS = 500;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { path, spillDirectory, memoryBytes, threads, signal } = options;
  const instance = await guarded(() =>
    DuckDBInstance.create(path, {
      memory_limit: `${Math.floor(memoryBytes / 2 ** 20)}MiB`,
      threads: String(threads),
      temp_directory: spillDirectory,
      // Rows keep the order of the source: row numbers join the passes, and equal runs write equal files.
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
    }),
  );
  const connection = await instance.connect();
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  return {
    async run(sql, onProgress) {
      const timer = onProgress && setInterval(() => onProgress(progressOf(connection)), POLL_MILLISECONDS);
      try {
        signal.throwIfAborted();
        await guarded(() => connection.run(sql));
      } finally {
        clearInterval(timer);
      }
    },
    async rows(sql) {
      signal.throwIfAborted();
      const reader = await guarded(() => connection.runAndReadAll(sql));
      return reader.getRowObjectsJS();
    },
    async openPairs(table) {
      const appender = await connection.createAppender(table);
      return {
        append(first, second) {
          appender.appendInteger(first);
          appender.appendUInteger(second);
          appender.endRow();
        },
        close: () => appender.closeSync(),
      };
    },
    close() {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function progressOf(connection: DuckDBConnection): QueryProgress {
  const { rows_processed, total_rows_to_process } = connection.progress;
  return { done: Number(rows_processed), total: Number(total_rows_to_process) };
}

/** DuckDB says these in words only. `max_temp_directory_size` is nine tenths of what the disk has free. */
const TRANSLATIONS = [
  {
    pattern: /no space left|file too large|disk quota|max_temp_directory_size/i,
    error: (message: string, cause: unknown) => diskFull(firstLine(message), cause),
  },
  {
    pattern: /out of memory|failed to (pin|allocate)/i,
    error: (message: string, cause: unknown) =>
      new NutrisageError(
        'memory-too-small',
        `The rows do not fit in the memory given: ${firstLine(message)}.`,
        'Give more with --memory, such as --memory 4GB, or fewer --threads.',
        { cause },
      ),
  },
  {
    pattern: /interrupted/i,
    error: (_: string, cause: unknown) =>
      new NutrisageError('interrupted', 'The ingest was stopped.', 'Run it again.', { cause }),
  },
];

/** No file system gives its error a code through DuckDB; Node's have `ENOSPC`, `EFBIG` or `EDQUOT`. */
export function diskFull(what: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'disk-full',
    `The disk is full, or a limit was reached: ${what}.`,
    'Free space, or name an --out on another disk. What was in --out before is untouched.',
    { cause },
  );
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = TRANSLATIONS.find(({ pattern }) => pattern.test(message));
    throw known === undefined ? error : known.error(message, error);
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/^[\w ]+ Error: /, '').replace(/[.!]$/, '');
}
