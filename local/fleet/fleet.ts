/** Worker processes on this machine, as ECS would keep them: as many alive as desired, logs apart, stopped by SIGTERM. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_LOGS_DIRECTORY } from '../../schemas/local-stack.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { WORKER_NODE_FLAGS } from '../../schemas/worker-node-flags.ts';
import { LOOPBACK } from '../stack/addresses.ts';
import { withoutAws } from './without-aws.ts';
import { openSeat, type SeatOptions, type SeatState, type WorkerSeat } from './worker-seat.ts';

export interface FleetOptions {
  /** At the begin. */
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

/** A worker of the fleet as it stands, its process alive or not. */
export interface FleetMember {
  readonly name: string;
  readonly state: SeatState;
  /** Undefined between two processes. */
  readonly pid: number | undefined;
  /** Undefined where it serves none, or not yet. */
  readonly metricsAddress: string | undefined;
}

export interface Fleet {
  readonly members: readonly FleetMember[];
  /** Of the living workers, in their order; one that is being restarted is absent. */
  readonly pids: readonly number[];
  /** Of all workers that there ever were. */
  readonly logFiles: readonly string[];
  /** Workers that take work, without those that are starting or leaving. */
  readonly readyCount: number;
  /** Addresses of the living workers’ metrics, for those that serve them. */
  readonly metricsAddresses: readonly string[];
  /** Sends a signal to worker `n`, from 1. */
  kill(n: number, signal: NodeJS.Signals): void;
  /** The process id of worker `n` once one that is not `previous` is ready. */
  readyAfter(n: number, previous: number): Promise<number>;
  /**
   * So many workers from now on. New ones start; those that are too many, the last first, get SIGTERM and finish or release
   * what they have. A number is given again only when its former worker has ended.
   */
  resize(workers: number): void;
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
  mkdirSync(join(options.directory, LOCAL_LOGS_DIRECTORY), { recursive: true });
  const seats = new Map<number, WorkerSeat>();
  const leaving = new Map<number, Promise<void>>();
  const logFiles = new Map<number, string>();
  const inOrder = (): WorkerSeat[] => [...seats].toSorted(([a], [b]) => a - b).map(([, seat]) => seat);

  const open = (): WorkerSeat => {
    let n = 1;
    while (seats.has(n) || leaving.has(n)) n += 1;
    const logFile = logFileOf(options, n);
    const seat = openSeat(seatOptions(options, n, logFile));
    seats.set(n, seat);
    logFiles.set(n, logFile);
    return seat;
  };
  const close = (n: number, seat: WorkerSeat): void => {
    seats.delete(n);
    leaving.set(
      n,
      seat.stop().finally(() => leaving.delete(n)),
    );
  };
  const seatOf = (n: number): WorkerSeat => {
    const found = seats.get(n);
    if (found === undefined) throw new RangeError(`There is no worker ${n}; the fleet has ${seats.size}.`);
    return found;
  };
  let stopping: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopping ??= Promise.all([...inOrder().map((each) => each.stop()), ...leaving.values()]);
    await stopping;
  };

  const first = Array.from({ length: options.workers }, open);
  try {
    await Promise.all(first.map((each) => each.firstReady));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get members() {
      return inOrder().map(memberOf);
    },
    get pids() {
      return inOrder().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
    get logFiles() {
      return [...logFiles].toSorted(([a], [b]) => a - b).map(([, file]) => file);
    },
    get readyCount() {
      return inOrder().filter(({ state }) => state === 'ready').length;
    },
    get metricsAddresses() {
      return inOrder().flatMap((each) => memberOf(each).metricsAddress ?? []);
    },
    kill: (n, signal) => seatOf(n).kill(signal),
    readyAfter: (n, previous) => seatOf(n).readyAfter(previous),
    resize(workers) {
      if (stopping !== undefined) return;
      while (seats.size < workers) open();
      const tooMany = [...seats].toSorted(([a], [b]) => b - a).slice(0, seats.size - workers);
      for (const [n, seat] of tooMany) close(n, seat);
    },
    stop,
  };
}

function memberOf({ name, state, pid, metricsPort }: WorkerSeat): FleetMember {
  const metricsAddress = metricsPort === undefined ? undefined : `http://${LOOPBACK}:${metricsPort}/metrics`;
  return { name, state, pid, metricsAddress };
}

function logFileOf({ directory }: FleetOptions, n: number): string {
  return join(directory, LOCAL_LOGS_DIRECTORY, `worker-${n}.log`);
}

function seatOptions(options: FleetOptions, n: number, logFile: string): SeatOptions {
  const name = `worker-${n}`;
  const stopSeconds = options.stopSeconds ?? 20;
  return {
    name,
    entry: options.entry ?? WORKER_MAIN,
    nodeFlags: WORKER_NODE_FLAGS,
    environment: {
      // glibc keeps freed memory in an arena per thread; two are enough and save 100 MiB a worker.
      MALLOC_ARENA_MAX: '2',
      ...withoutAws(process.env),
      ...options.environment,
      [ENVIRONMENT.stopSeconds]: String(stopSeconds),
      [ENVIRONMENT.workerName]: name,
    },
    logFile,
    stopMs: (stopSeconds + GRACE_SECONDS) * 1000,
    report: options.report ?? (() => {}),
  };
}
