/** Worker processes on this machine, as ECS would keep them: N alive, logs apart, stopped by SIGTERM. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_LOGS_DIRECTORY } from '../../schemas/local-stack.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { withoutAws } from './without-aws.ts';
import { openSeat, type WorkerSeat } from './worker-seat.ts';

export interface FleetOptions {
  readonly workers: number;
  /** What `provision` returned, and any further settings of the workers. */
  readonly environment: Readonly<Record<string, string>>;
  /** The stack's directory: logs lie in its `logs/worker-<n>.log`, n from 1. */
  readonly directory: string;
  /** Program of a worker. @default worker/main.ts */
  readonly entry?: string;
  /** What a worker gets to finish its shards; five seconds later it is killed. @default 20 */
  readonly stopSeconds?: number;
  /** Takes one sentence for each death. @default none */
  readonly report?: (sentence: string) => void;
}

export interface Fleet {
  /** Of the living workers, in their order; one that is being restarted is absent. */
  readonly pids: readonly number[];
  readonly logFiles: readonly string[];
  /** Addresses of the living workers’ metrics, for those that serve them. */
  readonly metricsAddresses: readonly string[];
  /** Sends a signal to worker `n`, from 1. */
  kill(n: number, signal: NodeJS.Signals): void;
  /** The process id of worker `n` once one that is not `previous` is ready. */
  readyAfter(n: number, previous: number): Promise<number>;
  /** SIGTERM to all; fulfilled when all are gone. Later calls await the first. */
  stop(): Promise<void>;
}

const WORKER_MAIN = fileURLToPath(new URL('../../worker/main.ts', import.meta.url));
const GRACE_SECONDS = 5;

/**
 * Starts the workers and waits until each says `{ kind: 'ready' }`. Later deaths are reported and mended.
 *
 * @throws {StackError} when one dies before it is ready, with the last line of its log; the others are stopped.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const logs = join(options.directory, LOCAL_LOGS_DIRECTORY);
  mkdirSync(logs, { recursive: true });
  const stopSeconds = options.stopSeconds ?? 20;
  const names = Array.from({ length: options.workers }, (_, index) => `worker-${index + 1}`);
  const logFiles = names.map((name) => join(logs, `${name}.log`));
  const seats = names.map((name) =>
    openSeat({
      name,
      entry: options.entry ?? WORKER_MAIN,
      environment: {
        // glibc keeps freed memory in an arena per thread; two are enough and save 100 MiB a worker.
        MALLOC_ARENA_MAX: '2',
        ...withoutAws(process.env),
        ...options.environment,
        [ENVIRONMENT.stopSeconds]: String(stopSeconds),
        [ENVIRONMENT.workerName]: name,
      },
      logFile: join(logs, `${name}.log`),
      stopMs: (stopSeconds + GRACE_SECONDS) * 1000,
      report: options.report ?? (() => {}),
    }),
  );
  const seat = (n: number): WorkerSeat => {
    const found = seats[n - 1];
    if (found === undefined) throw new RangeError(`There is no worker ${n}; the fleet has ${seats.length}.`);
    return found;
  };
  let stopping: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopping ??= Promise.all(seats.map((each) => each.stop()));
    await stopping;
  };
  try {
    await Promise.all(seats.map((each) => each.firstReady));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get pids() {
      return seats.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
    logFiles,
    get metricsAddresses() {
      return seats.flatMap(({ metricsPort }) =>
        metricsPort === undefined ? [] : [`http://127.0.0.1:${metricsPort}/metrics`],
      );
    },
    kill: (n, signal) => seat(n).kill(signal),
    readyAfter: (n, previous) => seat(n).readyAfter(previous),
    stop,
  };
}
