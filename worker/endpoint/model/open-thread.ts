/** The thread that loads a model, from the event loop's side. */
import { Worker } from 'node:worker_threads';
import { fromErrorRecord, NutrisageError } from '../../../core/errors.ts';
import type { ModelThreadReply, ModelThreadSettings, ScoreTask, ThreadModel } from './thread-protocol.ts';

export interface ModelThread {
  /** Rejected with the `NutrisageError` of a model that can not be used, or of a thread that died with it. */
  readonly model: Promise<ThreadModel>;
  /** For a model without an image for the kernel. @throws {NutrisageError} also once the thread has ended, or is asked to. */
  score(features: Float32Array, rowCount: number): Promise<Float32Array>;
  /** Fulfilled when the thread has ended by itself; never after `end`. */
  readonly died: Promise<NutrisageError>;
  /** Waits for what it is at: ending a thread inside ONNX Runtime aborts the process. */
  end(): Promise<void>;
}

const ENTRY = new URL('./model-thread.ts', import.meta.url);

export function openModelThread(settings: ModelThreadSettings): ModelThread {
  const thread = new Worker(ENTRY, { workerData: settings });
  const model = Promise.withResolvers<ThreadModel>();
  const died = Promise.withResolvers<NutrisageError>();
  const scoring = new Map<number, PromiseWithResolvers<Float32Array>>();
  let tasks = 0;
  let isEnding = false;
  let hasEnded = false;

  thread.on('message', (reply: ModelThreadReply) => {
    switch (reply.kind) {
      case 'loaded':
        return model.resolve(reply.model);
      case 'not-loaded':
        return model.reject(fromErrorRecord(reply.error));
      case 'scored':
        scoring.get(reply.id)?.resolve(reply.probabilities);
        return void scoring.delete(reply.id);
      case 'not-scored':
        scoring.get(reply.id)?.reject(fromErrorRecord(reply.error));
        return void scoring.delete(reply.id);
      default:
        return reply satisfies never;
    }
  });
  let cause: unknown;
  thread.on('error', (error) => {
    cause = error;
  });
  thread.on('exit', () => {
    hasEnded = true;
    const error = threadDied(settings.version, cause);
    model.reject(error);
    for (const { reject } of scoring.values()) reject(error);
    scoring.clear();
    if (!isEnding) died.resolve(error);
  });
  // A rejection is heard by whoever awaits it.
  model.promise.catch(() => {});

  return {
    model: model.promise,
    score(features, rowCount) {
      // Lists that were begun before still ask: nobody would answer them, and the desk would wait for ever.
      if (isEnding || hasEnded) return Promise.reject(threadDied(settings.version, cause));
      const task = Promise.withResolvers<Float32Array>();
      tasks += 1;
      scoring.set(tasks, task);
      thread.postMessage({ id: tasks, features, rowCount } satisfies ScoreTask);
      return task.promise;
    },
    died: died.promise,
    async end() {
      isEnding = true;
      await Promise.allSettled([model.promise, ...[...scoring.values()].map(({ promise }) => promise)]);
      await thread.terminate();
    },
  };
}

function threadDied(version: string, cause: unknown): NutrisageError {
  const reason = cause instanceof Error ? cause.message : 'no reason given';
  return new NutrisageError(
    'thread-died',
    `The thread died while it had model ${version}: ${reason}`,
    'It is started again by itself; look at the log if it lasts.',
    { cause },
  );
}
