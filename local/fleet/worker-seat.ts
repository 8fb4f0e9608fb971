/**
 * One place in the fleet: a worker process, and another when it dies.
 *
 * States: `starting` (forked, not ready), `ready`, `waiting` (dead, the next one comes after a pause) and
 * `stopped` (asked to end; nothing is started any more). A death leads to `waiting`, a pause over to `starting`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { StackError } from '../stack/stack-error.ts';
import { lastLine } from './last-line.ts';

export interface SeatOptions {
  readonly name: string;
  /** Path of the program. */
  readonly entry: string;
  /** Options of Node that the program is started with. */
  readonly nodeFlags: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** From SIGTERM until SIGKILL. */
  readonly stopMs: number;
  /** Takes one sentence about a death. */
  report(sentence: string): void;
}

export type SeatState = 'starting' | 'ready' | 'waiting' | 'stopped';

export interface WorkerSeat {
  readonly name: string;
  readonly state: SeatState;
  /** Of the living process; undefined between two. */
  readonly pid: number | undefined;
  /** Where the living process serves its metrics, once it is ready; undefined where it serves none. */
  readonly metricsPort: number | undefined;
  /** Fulfilled when the first process is ready, rejected when it dies before. */
  readonly firstReady: Promise<void>;
  /** Fulfilled when a process that is not `previous` is ready. */
  readyAfter(previous: number): Promise<number>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** A process that lived this long did not die of its start. */
const LONG_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Pause before the next start: none after a long life, else doubled with each short one. */
export function restartPauseMs(shortLivesInARow: number): number {
  if (shortLivesInARow === 0) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (shortLivesInARow - 1));
}

export function openSeat(options: SeatOptions): WorkerSeat {
  let state: SeatState = 'starting';
  const isStopped = (): boolean => state === 'stopped';
  let child: ChildProcess | undefined;
  let metricsPort: number | undefined;
  let shortLives = 0;
  const stopping = new AbortController();
  const readyListeners = new Set<(pid: number) => void>();
  const first = Promise.withResolvers<void>();

  const run = async (): Promise<void> => {
    const startedAt = Date.now();
    state = 'starting';
    child = forkWorker(options);
    const { pid = 0 } = child;
    child.on('message', (message) => {
      if (!isReady(message) || state !== 'starting') return;
      state = 'ready';
      metricsPort = message.metricsPort;
      first.resolve();
      for (const listener of readyListeners) listener(pid);
    });
    const end = await endOf(child);
    child = undefined;
    metricsPort = undefined;
    if (isStopped()) return;
    state = 'waiting';
    shortLives = Date.now() - startedAt < LONG_LIFE_MS ? shortLives + 1 : 0;
    const pauseMs = restartPauseMs(shortLives);
    const death = `${options.name} (process ${pid}) ${end}; its log ends with: ${lastLine(options.logFile)}`;
    first.reject(new StackError(death, `Read ${options.logFile}.`));
    options.report(`${death}. Started again in ${pauseMs / 1000} s.`);
    await pause(pauseMs, undefined, { signal: stopping.signal });
  };
  const live = async (): Promise<void> => {
    while (!isStopped()) await run();
  };
  // A pause is ended by an abort; everything else is said by `endOf`.
  const lifetime = live().catch(() => {});
  first.promise.catch(() => {});

  return {
    name: options.name,
    get state() {
      return state;
    },
    get pid() {
      return child?.pid;
    },
    get metricsPort() {
      return metricsPort;
    },
    firstReady: first.promise,
    readyAfter(previous) {
      if (state === 'ready' && child?.pid !== undefined && child.pid !== previous) {
        return Promise.resolve(child.pid);
      }
      return new Promise((resolve) => {
        const listener = (pid: number): void => {
          readyListeners.delete(listener);
          resolve(pid);
        };
        readyListeners.add(listener);
      });
    },
    kill: (signal) => void child?.kill(signal),
    async stop() {
      state = 'stopped';
      stopping.abort();
      child?.kill('SIGTERM');
      const timer = setTimeout(() => {
        options.report(`${options.name} did not end within ${options.stopMs / 1000} s and is killed.`);
        child?.kill('SIGKILL');
      }, options.stopMs);
      await lifetime;
      clearTimeout(timer);
    },
  };
}

function forkWorker(options: SeatOptions): ChildProcess {
  const log = openSync(options.logFile, 'a');
  try {
    return fork(options.entry, [], {
      env: options.environment,
      execArgv: [...options.nodeFlags, '--import', new URL('./follow-parent.ts', import.meta.url).href],
      stdio: ['ignore', log, log, 'ipc'],
      // Its own process group: Ctrl-C in a terminal reaches the stack alone, which then stops its workers in order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** How a process ended, as the middle of a sentence; never rejected. */
async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started (${error instanceof Error ? error.message : String(error)})`;
  }
}

interface Ready {
  readonly kind: 'ready';
  readonly metricsPort?: number;
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}
