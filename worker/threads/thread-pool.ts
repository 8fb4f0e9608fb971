/**
 * Threads that read, grade and write, one task at a time each, so that the event loop stays free for the
 * queue, heartbeats and signals.
 *
 * A thread is `starting`, `idle`, `busy` or `gone`. It is replaced when it dies (its task fails with the
 * reason; a panic of the Parquet reader arrives this way) and when it asks for it, because the memory of wasm
 * never shrinks (replacing one takes 130 to 240 ms). One that dies before it is ready is replaced after a pause
 * that doubles, and while every thread is gone so, what waits fails: its message is safer in the queue.
 * Threads are never terminated while they are busy: ending one inside ONNX Runtime aborts the process. They are
 * interrupted by a flag between blocks instead. So is one that is stuck: its task is given up, another thread has its
 * place, and should it ever come to its next block it writes nothing more and ends.
 */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { fromErrorRecord, NutrisageError } from '../../core/errors.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { interrupted } from '../interrupted.ts';
import type { Lease } from '../queue/lease.ts';
import type {
  FileInspection,
  ModelLoaded,
  ThreadReply,
  ThreadSettings,
  ThreadTask,
  WrittenShard,
} from './thread-protocol.ts';
import { abandon, beat, createThreadSignals, pulseOf, type ThreadSignals } from './thread-signals.ts';
import { watchPulses } from './watch-pulses.ts';

export interface ThreadPool {
  /** Reads a file's footer. @throws {NutrisageError} what is wrong with the file. */
  inspect(input: FileReference, mapping: Mapping | undefined): Promise<FileInspection>;
  /** Grades a shard and writes its parts and items, while the lease is held. @throws {NutrisageError} */
  grade(message: ShardMessage, lease?: Lease): Promise<WrittenShard>;
  /** Loads a model and scores a few rows with it. @throws {NutrisageError} why it can not be used. */
  checkModel(version: string): Promise<void>;
  /** How much the threads have worked since the start. */
  use(): ThreadUse;
  /** Fails what waits and stops what runs at its next block, all with `interrupted`. */
  interrupt(): void;
  /** Fails what waits for a thread, and what comes from now on, with `interrupted`; what runs goes on. */
  refuseWaiting(): void;
  /** Interrupts; resolves when what ran has settled and every thread has ended. */
  stop(): Promise<void>;
}

export interface ThreadUse {
  readonly threads: number;
  /** Time with a task, of all threads together; what runs counts up to now. */
  readonly busyMs: number;
  /** Threads that ended by themselves. */
  readonly deaths: number;
}

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly settings: Omit<ThreadSettings, 'interrupt' | 'signals'>;
  /** A thread that makes no step of its task for so long is stuck: another does the task. @default 60,000 */
  readonly stuckMs?: number;
  readonly log: Logger;
  /** @default the grading thread of this folder; tests give their own */
  readonly entry?: URL;
}

type FinalReply = Exclude<ThreadReply, { kind: 'ready' | 'model-loaded' }>;

interface Pending extends Omit<PromiseWithResolvers<FinalReply>, 'reject'> {
  readonly task: ThreadTask;
  readonly reject: (error: NutrisageError) => void;
}

interface Seat {
  state: 'starting' | 'idle' | 'busy' | 'gone';
  worker: Worker;
  signals: ThreadSignals;
  readonly pulse: number;
  current: Pending | undefined;
  /** When it got its task, on the monotonic clock. */
  busySince: number;
  /** How often in a row its thread died before it was ready. */
  failedStarts: number;
  restart: NodeJS.Timeout | undefined;
}

const STUCK_MS = 60_000;
const RESTART_PAUSE_MS = 500;
const RESTART_PAUSE_MS_MAX = 30_000;
/**
 * A thread's data lies in typed arrays outside of the heap. The default young generation grew each heap to 170 MB for
 * nothing; with this one it stays at 50 MB, and smaller still with the options of a worker, which go before this limit.
 */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 } as const;
const GRADING_THREAD = new URL('./grading-thread.ts', import.meta.url);

export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const interrupt = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const stuckMs = options.stuckMs ?? STUCK_MS;
  const waiting: Pending[] = [];
  const seats: Seat[] = [];
  let ending = false;
  let busyMs = 0;
  let deaths = 0;

  function leaveTask(seat: Seat): Pending | undefined {
    const pending = seat.current;
    if (pending !== undefined) busyMs += performance.now() - seat.busySince;
    seat.current = undefined;
    return pending;
  }

  const spawn = (): Pick<Seat, 'worker' | 'signals'> => {
    const signals = createThreadSignals();
    const workerData: ThreadSettings = { ...options.settings, interrupt, signals };
    const entry = options.entry ?? GRADING_THREAD;
    return { worker: new Worker(entry, { workerData, resourceLimits: HEAP_LIMITS }), signals };
  };

  function listen(seat: Seat): void {
    const { worker } = seat;
    worker.on('message', (reply: ThreadReply) => onReply(seat, worker, reply));
    worker.on('error', (error) => onDeath(seat, worker, error));
    worker.on('exit', () => onDeath(seat, worker, undefined));
  }

  function onReply(seat: Seat, worker: Worker, reply: ThreadReply): void {
    // An answer may arrive after the death of its thread: the seat has another thread and task by then.
    if (seat.worker !== worker || seat.state === 'gone') return;
    if (reply.kind === 'model-loaded') {
      logEngine(reply);
      return;
    }
    if (reply.kind === 'ready') {
      seat.state = 'idle';
      seat.failedStarts = 0;
      next(seat);
      return;
    }
    const pending = leaveTask(seat);
    seat.state = 'idle';
    if (reply.kind === 'failed') pending?.reject(fromErrorRecord(reply.error));
    else pending?.resolve(reply);
    if (reply.recycle) replace(seat);
    else next(seat);
  }

  function logEngine({ version: model, engine, fallback }: ModelLoaded): void {
    const name = engine === 'forest' ? 'the forest kernel' : 'ONNX Runtime';
    if (fallback === undefined) options.log.info({ model, engine }, `${name} runs model ${model}`);
    else options.log.warn({ model, engine, fallback }, `${name} runs model ${model}: ${fallback}`);
  }

  function onDeath(seat: Seat, worker: Worker, error: Error | undefined): void {
    if (seat.worker !== worker || seat.state === 'gone') return;
    const wasReady = seat.state !== 'starting';
    seat.state = 'gone';
    const pending = leaveTask(seat);
    deaths += 1;
    const reason = describeDeath(pending?.task, error);
    pending?.reject(reason);
    options.log.warn({ err: error, code: reason.code }, 'a grading thread died; another takes its place');
    if (ending) return;
    if (wasReady) replace(seat);
    else replaceLater(seat, reason);
  }

  function replaceLater(seat: Seat, reason: NutrisageError): void {
    if (seats.every(({ state }) => state === 'gone')) rejectWaiting(reason);
    const pauseMs = Math.min(RESTART_PAUSE_MS_MAX, RESTART_PAUSE_MS * 2 ** seat.failedStarts);
    seat.failedStarts += 1;
    seat.restart = setTimeout(() => replace(seat), pauseMs);
  }

  function replace(seat: Seat): void {
    const old = seat.worker;
    fill(seat);
    void old.terminate();
  }

  /** The death of the old thread is expected from now on: its seat points elsewhere before the exit is reported. */
  function fill(seat: Seat): void {
    seat.state = 'gone';
    if (ending) return;
    Object.assign(seat, spawn(), { state: 'starting' });
    listen(seat);
  }

  function leaveStuck(seat: Seat): void {
    const pending = leaveTask(seat);
    const reason = stuck(pending?.task, stuckMs);
    abandon(seat.signals);
    const { worker } = seat;
    worker.on('message', (reply: ThreadReply) => {
      if (reply.kind !== 'model-loaded') void worker.terminate();
    });
    deaths += 1;
    options.log.error({ code: reason.code }, `${reason.message} Another thread takes its place.`);
    fill(seat);
    pending?.reject(reason);
  }

  function next(seat: Seat): void {
    if (seat.state !== 'idle') return;
    const pending = waiting.shift();
    if (pending === undefined) return;
    seat.current = pending;
    seat.busySince = performance.now();
    seat.state = 'busy';
    // The quiet end of the task before is not this one's.
    beat(seat.signals);
    seat.worker.postMessage(pending.task);
  }

  function run(task: ThreadTask): Promise<FinalReply> {
    if (ending) return Promise.reject(interrupted());
    const pending: Pending = { task, ...Promise.withResolvers<FinalReply>() };
    waiting.push(pending);
    const idle = seats.find((seat) => seat.state === 'idle');
    if (idle !== undefined) next(idle);
    return pending.promise;
  }

  function rejectWaiting(reason: NutrisageError): void {
    for (const pending of waiting.splice(0)) pending.reject(reason);
  }

  function refuseWaiting(): void {
    ending = true;
    for (const seat of seats) clearTimeout(seat.restart);
    rejectWaiting(interrupted());
  }

  function interruptAll(): void {
    Atomics.store(new Int32Array(interrupt), 0, 1);
    refuseWaiting();
  }

  for (let index = 0; index < options.threads; index += 1) {
    const seat: Seat = {
      state: 'starting',
      ...spawn(),
      get pulse() {
        return pulseOf(this.signals);
      },
      current: undefined,
      busySince: 0,
      failedStarts: 0,
      restart: undefined,
    };
    listen(seat);
    seats.push(seat);
  }

  const stopWatching = watchPulses(() => seats.filter(({ state }) => state === 'busy'), stuckMs, leaveStuck);

  return {
    async inspect(input, mapping) {
      const reply = await run({ kind: 'inspect', input, mapping });
      if (reply.kind !== 'inspected') throw unexpectedReply(reply.kind);
      return reply.inspection;
    },
    async grade(message, lease) {
      const reply = await run({ kind: 'grade', message, lease });
      if (reply.kind !== 'graded') throw unexpectedReply(reply.kind);
      return reply.shard;
    },
    async checkModel(version) {
      const reply = await run({ kind: 'check-model', version });
      if (reply.kind !== 'model-checked') throw unexpectedReply(reply.kind);
    },
    use() {
      const now = performance.now();
      const running = seats.filter(({ current }) => current !== undefined);
      const runningMs = running.reduce((sum, { busySince }) => sum + now - busySince, 0);
      return { threads: seats.length, busyMs: busyMs + runningMs, deaths };
    },
    refuseWaiting,
    interrupt: interruptAll,
    async stop() {
      interruptAll();
      await Promise.allSettled(seats.map((seat) => seat.current?.promise));
      stopWatching();
      await Promise.all(
        seats.map((seat) => {
          seat.state = 'gone';
          return seat.worker.terminate();
        }),
      );
    },
  };
}

function stuck(task: ThreadTask | undefined, stuckMs: number): NutrisageError {
  const place = task === undefined ? 'no task' : describeTask(task);
  return new NutrisageError(
    'thread-stuck',
    `The thread made no step in ${Math.round(stuckMs / 1000)} s while it had ${place}.`,
    'It is tried again by itself; if it lasts, look whether store and table answer, and at the file.',
  );
}

function unexpectedReply(kind: string): NutrisageError {
  return new NutrisageError(
    'unexpected',
    `A grading thread answered "${kind}".`,
    'It is tried again by itself.',
  );
}

function describeDeath(task: ThreadTask | undefined, error: Error | undefined): NutrisageError {
  const place = task === undefined ? 'no task' : describeTask(task);
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new NutrisageError(
      'reader-out-of-memory',
      `Reading ${place} took more memory than a thread has.`,
      'Write the file again with smaller row groups (100,000 rows is plenty) and submit it again.',
      { cause: error },
    );
  }
  const isPanic =
    error !== undefined &&
    /RuntimeError|unreachable|panicked|memory access/.test(`${error.name} ${error.message}`);
  if (isPanic) {
    return new NutrisageError(
      'damaged-parquet',
      `${place} made the Parquet reader give up: ${error.message}`,
      'The file is damaged: write it again from its source and submit it again.',
      { cause: error },
    );
  }
  return new NutrisageError(
    'thread-died',
    `The thread died while it had ${place}: ${error?.message ?? 'no reason given'}`,
    'It is tried again by itself; look at the log of the worker if it lasts.',
    { cause: error },
  );
}

function describeTask(task: ThreadTask): string {
  if (task.kind === 'check-model') return `model ${task.version}`;
  if (task.kind === 'inspect') return `s3://${task.input.bucket}/${task.input.key}`;
  return `shard ${task.message.shard} of s3://${task.message.input.bucket}/${task.message.input.key}`;
}
