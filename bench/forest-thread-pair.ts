/** Two threads of the forest kernel: rows a second of one alone, and of both together. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ForestThreadData, ThreadRates } from './forest-thread.ts';

export interface ThreadPair {
  /** @returns rows a second of so many of the threads, at work at the same time. */
  measure(threads: 1 | 2, milliseconds: number): Promise<ThreadRates>;
  stop(): Promise<void>;
}

export async function startThreadPair(data: ForestThreadData): Promise<ThreadPair> {
  const entry = new URL('./forest-thread.ts', import.meta.url);
  const workers = [1, 2].map(() => new Worker(entry, { workerData: data }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async measure(threads, milliseconds) {
      const rates = workers.slice(0, threads).map(async (worker) => {
        worker.postMessage(milliseconds);
        const [rate] = await once(worker, 'message');
        return rate as ThreadRates; // what forest-thread.ts answers
      });
      return (await Promise.all(rates)).reduce((sum, rate) => ({
        byTheClock: sum.byTheClock + rate.byTheClock,
        ofProcessorTime: sum.ofProcessorTime + rate.ofProcessorTime,
      }));
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
