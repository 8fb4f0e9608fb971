import { BroadcastChannel } from 'node:worker_threads';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SubmissionMessage } from '../../schemas/messages.ts';
import { createSqsWorkQueue } from '../../worker/adapters/sqs-work-queue.ts';
import { type BatchWorker, startBatchWorker } from '../../worker/batch-worker.ts';
import type { WorkQueue } from '../../worker/queue/work-queue.ts';
import { createThreadPool } from '../../worker/threads/thread-pool.ts';
import { INPUT, SUBMITTED_AT } from '../support/records.ts';
import { freshJob, startWorkerBench, type WorkerBench } from './worker-bench.ts';

let bench: WorkerBench;
let queueUrl: string;
let queue: WorkQueue;
let channel: BroadcastChannel;
let awaited: Map<string, () => void>;
let worker: BatchWorker | undefined;
let tests = 0;

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  tests += 1;
  const made = await bench.clients.sqs.send(new CreateQueueCommand({ QueueName: `batch-worker-${tests}` }));
  const endpoint = await bench.clients.sqs.config.endpoint?.();
  queueUrl = new URL(new URL(made.QueueUrl ?? '').pathname, `http://${endpoint?.hostname}:${endpoint?.port}`)
    .href;
  queue = createSqsWorkQueue({
    client: bench.clients.sqs,
    queueUrl,
    deadLetterQueueUrl: queueUrl,
    visibilitySeconds: 60,
    receivesMax: bench.ports.receivesMax,
    log: bench.ports.log,
  });
  channel = new BroadcastChannel(`batch worker test ${tests}`);
  awaited = new Map();
  channel.onmessage = ({ data }) => awaited.get(String(data))?.();
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  channel.close();
});

/** One scripted thread: it does what the key of a submitted file says. */
function start(stopSeconds: number): BatchWorker {
  const threads = createThreadPool({
    threads: 1,
    entry: new URL('./threads/scripted-thread.ts', import.meta.url),
    settings: {
      dataBucket: channel.name,
      modelBucket: '',
      gradesTable: undefined,
      rowGroupBytesMax: 1,
      ceilings: { fileBytes: 1, footerBytes: 1, rows: 1, columns: 1, textBytes: 1 },
      retentionDays: 1,
      engine: 'auto',
    },
    log: bench.ports.log,
  });
  worker = startBatchWorker({ ...bench.ports, queue, threads }, { threads: 1, stopSeconds });
  return worker;
}

async function submit(key: string): Promise<string> {
  const job = freshJob();
  const inputs = [{ ...INPUT, key }];
  const message: SubmissionMessage = {
    kind: 'submission',
    version: 1,
    job,
    submittedAt: SUBMITTED_AT,
    inputs,
  };
  await queue.send([JSON.stringify(message)]);
  return job;
}

function begun(key: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  awaited.set(`begun ${key}`, resolve);
  return promise;
}

async function depths(): Promise<{ readonly waiting: number; readonly taken: number }> {
  const { Attributes } = await bench.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes?.['ApproximateNumberOfMessages']),
    taken: Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
  };
}
const stateOf = async (job: string) => (await bench.ports.ledger.job(job))?.state;

describe('a batch worker that is told to stop', () => {
  it('stops at once when it has nothing', async () => {
    const begin = performance.now();
    await start(60).stop();
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('finishes what runs, and releases what waits for a thread', async () => {
    const running = begun('wait go');
    const first = await submit('wait go');
    const idle = start(60);
    await running;
    const second = await submit('wait for ever');
    await expect.poll(() => stateOf(second), { timeout: 5000 }).toBe('planning');
    const stopped = idle.stop();
    await expect.poll(depths, { timeout: 5000 }).toEqual({ waiting: 1, taken: 1 });
    channel.postMessage('go');
    await stopped;
    expect(await stateOf(first)).toBe('running');
    expect(await stateOf(second)).toBe('planning');
    // The released submission, and the shard message of the one that was finished.
    expect(await depths()).toEqual({ waiting: 2, taken: 0 });
  });

  it('interrupts what still runs when its time is up, and releases it', async () => {
    const running = begun('until-interrupted');
    const job = await submit('until-interrupted');
    const busy = start(0.2);
    await running;
    await busy.stop();
    expect(await stateOf(job)).toBe('planning');
    expect(await depths()).toEqual({ waiting: 1, taken: 0 });
  });
});
