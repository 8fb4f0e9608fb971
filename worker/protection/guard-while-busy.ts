/**
 * Protects the worker's task from the first message that it takes until it has had none for a while.
 *
 * The task is `free`, then `guarded` (renewed before it expires), then `free` again. What could not be changed is tried again at the
 * next look: without protection a stop costs some shards their time, no more.
 */
import type { Logger } from 'pino';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { TaskProtection } from './task-protection.ts';

/** A task that hangs holds up a deployment no longer than this. */
export const EXPIRES_MINUTES = 10;
const RENEW_MS = (EXPIRES_MINUTES * 60_000) / 2;
/** Between two messages of a backlog nothing changes: each change is a call that ECS counts. */
export const IDLE_MS = 10_000;
const LOOK_MS = 1000;

export interface TaskGuard {
  /** The queue, whose messages keep the task guarded while they are held. */
  readonly queue: WorkQueue;
  /** Changes nothing any more: who stops is not to be spared. */
  stop(): void;
}

export interface GuardPorts {
  readonly queue: WorkQueue;
  readonly protection: TaskProtection;
  /** Milliseconds that only go on. */
  readonly now: () => number;
  readonly log: Pick<Logger, 'warn'>;
}

export function guardWhileBusy({ queue, protection, now, log }: GuardPorts): TaskGuard {
  let held = 0;
  let busyAt = Number.NEGATIVE_INFINITY;
  /** Undefined while the task is free. */
  let guardedAt: number | undefined;
  let isChanging = false;
  let hasFailed = false;

  const change = (minutes: number): void => {
    isChanging = true;
    const began = now();
    protection
      .protectFor(minutes)
      .then(
        () => {
          guardedAt = minutes > 0 ? began : undefined;
          hasFailed = false;
        },
        (error: unknown) => {
          // Once: it is tried again every second.
          if (!hasFailed) log.warn({ err: error }, 'the task can not be protected; it is tried again');
          hasFailed = true;
        },
      )
      .finally(() => {
        isChanging = false;
      });
  };
  const look = (): void => {
    if (isChanging) return;
    const isBusy = held > 0 || now() - busyAt < IDLE_MS;
    const isDue = guardedAt === undefined || now() - guardedAt >= RENEW_MS;
    if (isBusy && isDue) change(EXPIRES_MINUTES);
    if (!isBusy && guardedAt !== undefined) change(0);
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    queue: {
      ...queue,
      consume: (handle, window) =>
        queue.consume(async (delivery) => {
          held += 1;
          // At once: a stop may be under way.
          look();
          try {
            return await handle(delivery);
          } finally {
            held -= 1;
            busyAt = now();
          }
        }, window),
    },
    stop: () => clearInterval(timer),
  };
}
