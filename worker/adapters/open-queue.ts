/** The queue that the configuration names: the one place of the worker where its kind is asked for. */
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import type { QueueDepths } from '../metrics/process-watch.ts';
import type { WorkQueue } from '../queue/work-queue.ts';

export interface OpenQueue {
  readonly queue: WorkQueue;
  readonly depths: () => Promise<QueueDepths>;
  /**
   * Resolves when the queue may be used; waits for one that is away.
   * @throws {ConfigError} when the server may not hold a queue.
   */
  check(): Promise<void>;
  /** After the last consumption has stopped. */
  close(): void;
}

/** Loads the one adapter alone: each takes a tenth of a second. */
export async function openQueue(config: WorkerConfig, log: Logger): Promise<OpenQueue> {
  const { queue: settings, visibilitySeconds, receivesMax } = config;
  switch (settings.kind) {
    case 'sqs': {
      const { openSqsQueue } = await import('./open-sqs-queue.ts');
      return openSqsQueue({ ...settings, visibilitySeconds, receivesMax, log });
    }
    case 'bullmq': {
      const { openBullmqQueue } = await import('./open-bullmq-queue.ts');
      return openBullmqQueue({ url: settings.redisUrl, visibilitySeconds, receivesMax, log });
    }
    default:
      return settings satisfies never;
  }
}
