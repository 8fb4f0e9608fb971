/** Reads files in a thread that may die of them, and says what came of each. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface Reading {
  /** Rows that were read, the code that the file was refused with, or how the thread ended. */
  readonly outcome: 'rows' | 'refused' | 'died' | 'hung';
  readonly detail: string;
  /** Held by the reader after it, in bytes; 0 of a thread that died. */
  readonly memory: number;
}

export interface DamagedReader {
  read(bytes: Uint8Array): Promise<Reading>;
  close(): Promise<void>;
}

interface Answer {
  readonly rows?: number;
  readonly code?: string;
  readonly message?: string;
  readonly memory: number;
}

/** What wasm holds it never gives back: as in a worker, such a thread is replaced. */
const MEMORY_MAX = 192 * 2 ** 20;

/** @param hangMs after which a file counts as one that hangs its reader */
export function createDamagedReader(hangMs: number): DamagedReader {
  let thread: Worker | undefined;

  async function begin(): Promise<Worker> {
    const worker = new Worker(new URL('./reading-thread.ts', import.meta.url));
    await once(worker, 'message');
    return worker;
  }
  async function end(): Promise<void> {
    const old = thread;
    thread = undefined;
    await old?.terminate();
  }

  return {
    async read(bytes) {
      const worker = thread ?? (await begin());
      thread = worker;
      const { promise, resolve } = Promise.withResolvers<Reading>();
      const onMessage = (answer: Answer): void => resolve(readingOf(answer));
      const onError = (error: unknown): void =>
        resolve({ outcome: 'died', detail: String(error), memory: 0 });
      worker.once('message', onMessage);
      worker.once('error', onError);
      const timer = setTimeout(() => resolve({ outcome: 'hung', detail: '', memory: 0 }), hangMs);
      worker.postMessage(bytes);
      const reading = await promise;
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      const isSpent = reading.outcome === 'died' || reading.outcome === 'hung' || reading.memory > MEMORY_MAX;
      if (isSpent) await end();
      return reading;
    },
    close: end,
  };
}

function readingOf({ rows, code = '', message = '', memory }: Answer): Reading {
  if (rows !== undefined) return { outcome: 'rows', detail: String(rows), memory };
  return { outcome: 'refused', detail: code === 'unexpected' ? `${code}: ${message}` : code, memory };
}

/** A file that a worker may not meet so: one that hangs, or an error that nobody foresaw, which would be retried. */
export function isFinding({ outcome, detail }: Reading): boolean {
  return outcome === 'hung' || detail.startsWith('unexpected');
}
