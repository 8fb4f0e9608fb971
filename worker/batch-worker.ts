/**
 * The batch worker: takes messages, has its threads do the work, settles.
 *
 * It is `running`, then `draining` (takes nothing new, what waits for a thread is released, what runs may
 * finish), then `interrupting` (what still runs stops at its next block and is released), then `stopped`.
 */
import { RECONCILE_SECONDS, type ReconcilePorts, reconcile } from './ledger/reconcile.ts';
import { type HandleDeliveryPorts, handleDelivery } from './messages/handle-delivery.ts';
import type { WorkQueue } from './queue/work-queue.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

export type BatchWorkerPorts = HandleDeliveryPorts &
  ReconcilePorts & {
    readonly queue: WorkQueue;
    readonly threads: ThreadPool;
  };

export interface BatchWorkerOptions {
  readonly threads: number;
  readonly stopSeconds: number;
  /** Between two looks for jobs that stand still, by all workers together. @default 60 */
  readonly reconcileSeconds?: number;
}

export interface BatchWorker {
  /** Resolves when everything taken is settled and every thread has ended. */
  stop(): Promise<void>;
}

/** One message more than threads is held, so that no thread waits for the next while another is recorded. */
const MESSAGES_AHEAD = 1;

export function startBatchWorker(ports: BatchWorkerPorts, options: BatchWorkerOptions): BatchWorker {
  const consumption = ports.queue.consume(async (delivery) => {
    ports.meter.taken(delivery, ports.clock().getTime());
    const settlement = await handleDelivery(ports, delivery);
    ports.meter.settled(settlement);
    return settlement;
  }, options.threads + MESSAGES_AHEAD);
  const { reconcileSeconds = RECONCILE_SECONDS } = options;
  const stopReconciling = every(reconcileSeconds, async () => {
    await reconcile(ports, reconcileSeconds).catch((error: unknown) =>
      ports.log.warn({ err: error }, 'reconciling failed; it is tried again'),
    );
  });

  return {
    async stop() {
      stopReconciling();
      ports.threads.refuseWaiting();
      const settled = consumption.stop();
      const deadline = setTimeout(() => ports.threads.interrupt(), options.stopSeconds * 1000);
      await settled;
      clearTimeout(deadline);
      await ports.threads.stop();
    },
  };
}

function every(seconds: number, work: () => Promise<void>): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void work().finally(() => {
      running = false;
    });
  }, seconds * 1000);
  return () => clearInterval(timer);
}
