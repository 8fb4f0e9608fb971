/**
 * DynamoDB by dynalite, kept on disk. It is the slowest part of the stack and works on one core, so it has a
 * thread of its own: queue and object store answer while it writes. A thread and not a process: it cannot
 * outlive the stack and hold its port and its LevelDB.
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LOOPBACK } from './addresses.ts';
import { listenError, StackError } from './stack-error.ts';
import type { TableThreadOptions, TableThreadReport } from './table-thread.ts';

/** LevelDB closes in some 50 ms; a thread that takes longer is ended. */
const STOP_MS_MAX = 5_000;

export interface TableServer {
  readonly port: number;
  /** Fulfilled with the reason when the thread dies by itself; never rejected. */
  readonly died: Promise<StackError>;
  stop(): Promise<void>;
}

/** @throws {StackError} when the port cannot be used or the tables cannot be opened. */
export async function startTableServer(options: {
  readonly directory: string;
  readonly port: number;
}): Promise<TableServer> {
  const path = join(options.directory, 'tables');
  mkdirSync(path, { recursive: true });
  const threadOptions: TableThreadOptions = { path, host: LOOPBACK, port: options.port };
  const thread = new Worker(new URL('./table-thread.ts', import.meta.url), { workerData: threadOptions });
  const failed = once(thread, 'error').then(([cause]) => tableError(path, cause));
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  let isStopping = false;

  const first = await Promise.race([
    once(thread, 'message').then(([message]) => message as TableThreadReport),
    failed,
  ]);
  if (first instanceof StackError) throw first;
  if (first.kind === 'refused') {
    await thread.terminate();
    const cause = Object.assign(new Error(first.message), { code: first.code });
    throw listenError({ server: 'table server', port: options.port, setting: '--table-port' }, cause);
  }
  const died = new Promise<StackError>((resolve) => {
    failed.then(resolve, () => {});
    exited.then(() => {
      if (!isStopping) resolve(tableError(path, new Error('its thread ended')));
    });
  });
  return {
    port: first.port,
    died,
    async stop() {
      isStopping = true;
      thread.postMessage('stop');
      const timer = setTimeout(() => void thread.terminate(), STOP_MS_MAX);
      await exited;
      clearTimeout(timer);
    },
  };
}

function tableError(path: string, cause: unknown): StackError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StackError(
    `The table server on ${path} stopped: ${reason}.`,
    'Start the stack again; when it does not start, move that folder away: tables are then made anew.',
    { cause },
  );
}
