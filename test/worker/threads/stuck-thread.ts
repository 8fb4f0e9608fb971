/**
 * Entry of a thread that stands still within its first task until it is told to go on, and then does what a grading
 * thread does: it asks whether it may write, and writes to a file if it may.
 */
import { appendFileSync } from 'node:fs';
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { isLeaseHeld } from '../../../worker/queue/lease.ts';
import type { ThreadReply, ThreadSettings, ThreadTask } from '../../../worker/threads/thread-protocol.ts';
import { beat, isAbandoned } from '../../../worker/threads/thread-signals.ts';

const settings = workerData as ThreadSettings;
const channel = new BroadcastChannel(settings.dataBucket);
const QUIET_SHARD = 2;
const QUIET_MS = 200;
const reply = (value: ThreadReply): void => parentPort?.postMessage(value);

/** Nothing else runs in this thread meanwhile, as in a call that never returns. */
function standStill(): void {
  const gate = new Int32Array(settings.interrupt);
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  while (Atomics.load(gate, 0) === 0) Atomics.wait(nobodyWakes, 0, 0, 20);
}

/** A task without a step, which takes less than would be called stuck. */
function standQuiet(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, QUIET_MS);
}

parentPort?.on('message', (task: ThreadTask) => {
  if (task.kind !== 'grade') throw new Error('Only shards are graded here.');
  const { message, lease } = task;
  channel.postMessage(`begun ${message.shard}`);
  if (message.shard === 0) standStill();
  else if (message.shard === QUIET_SHARD) standQuiet();
  else beat(settings.signals);
  const mayWrite = !isAbandoned(settings.signals) && isLeaseHeld(lease, Date.now());
  appendFileSync(settings.modelBucket, `${mayWrite ? 'wrote' : 'left'} ${message.shard}\n`);
  reply({
    kind: 'failed',
    error: { code: 'object-missing', message: `done ${message.shard}`, remedy: 'None.' },
    recycle: false,
  });
});
reply({ kind: 'ready' });
