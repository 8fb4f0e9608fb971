/** From a submission, as the command sends it, to the plan of its job and its shard messages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, NutrisageError } from '../../../core/errors.ts';
import type { FileReference } from '../../../schemas/file-reference.ts';
import { JobRecord } from '../../../schemas/ledger.ts';
import { ShardMessage, type SubmissionMessage } from '../../../schemas/messages.ts';
import { createParser } from '../../../schemas/parse.ts';
import { lastAttemptRecord } from '../../../worker/ledger/job-record.ts';
import { handleDelivery } from '../../../worker/messages/handle-delivery.ts';
import type { Settlement } from '../../../worker/queue/work-queue.ts';
import { doneShard, INPUT, MODEL, SUBMITTED_AT, shardMessage, shardsOf } from '../../support/records.ts';
import { inspection } from '../fake-threads.ts';
import {
  type BenchPorts,
  deliveryOf,
  freshJob,
  RECEIVES_MAX,
  startWorkerBench,
  type WorkerBench,
} from '../worker-bench.ts';

const shards = createParser('the shard message', ShardMessage);
const jobs = createParser('the job', JobRecord);
const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

let bench: WorkerBench;

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());

const handle = (
  body: object | string,
  receiveCount = 1,
  ports: BenchPorts = bench.ports,
): Promise<Settlement> => handleDelivery(ports, deliveryOf(body, receiveCount));

const stored = async (job: string): Promise<JobRecord> => jobs.parse(await bench.ports.ledger.job(job));
const sentShards = async (): Promise<ShardMessage[]> =>
  (await bench.takeSent())
    .map((body) => shards.parse(JSON.parse(body)))
    .sort((left, right) => left.shard - right.shard);

const failing = (code: ErrorCode) => async (): Promise<never> => {
  throw new NutrisageError(code, `It failed with ${code}.`, 'Mend it.');
};
/** Makes the file of this key one with row groups of these rows. */
const onInspect = (name: string, ...rows: readonly number[]): void =>
  bench.ports.threads.onInspect(name, async () => inspection(...rows));

function submission(job: string, ...names: readonly string[]): SubmissionMessage {
  const inputs: FileReference[] = names.map((name) => ({ ...INPUT, key: name }));
  return { kind: 'submission', version: 1, job, submittedAt: SUBMITTED_AT, inputs };
}

describe('a submission', () => {
  it('numbers rows and shards through its files, and records the one that can not be read', async () => {
    const job = freshJob();
    const names = ['a', 'b', 'c'].map((name) => `uploads/${job}/${name}`);
    onInspect(names[0] ?? '', 100, 20);
    bench.ports.threads.onInspect(names[1] ?? '', failing('damaged-parquet'));
    onInspect(names[2] ?? '', 30);
    expect(await handle(submission(job, ...names))).toEqual(ACKNOWLEDGE);
    expect(await stored(job)).toMatchObject({
      state: 'running',
      origin: 'submission',
      rows: 150,
      shards: 3,
      files: [
        { rows: 120, firstRowNumber: 0, firstShard: 0, shards: 2 },
        { rows: 0, firstRowNumber: 120, firstShard: 2, shards: 0, failure: { code: 'damaged-parquet' } },
        { rows: 30, firstRowNumber: 120, firstShard: 2, shards: 1 },
      ],
    });
    expect(await sentShards()).toMatchObject([
      { shard: 0, file: 0, firstRowNumber: 0, rows: 100 },
      { shard: 1, file: 0, firstRowNumber: 100, rows: 20 },
      { shard: 2, file: 2, firstRowNumber: 120, rows: 30 },
    ]);
  });

  it('takes its mapping along to the inspection and to every shard', async () => {
    const job = freshJob();
    const mapping = { columns: { sugars_100g: 'sugar' } };
    bench.ports.threads.onInspect(`uploads/${job}`, async (_, given) => {
      expect(given).toEqual(mapping);
      return inspection(10);
    });
    expect(await handle({ ...submission(job, `uploads/${job}`), mapping })).toEqual(ACKNOWLEDGE);
    expect(await sentShards()).toMatchObject([{ mapping }]);
  });

  it('fails with the first reason when no file can be read', async () => {
    const job = freshJob();
    bench.ports.threads.onInspect('uploads/empty', failing('empty-file'));
    bench.ports.threads.onInspect('uploads/cut', failing('truncated-parquet'));
    const settlement = await handle(submission(job, 'uploads/empty', 'uploads/cut'));
    expect(settlement).toMatchObject({ kind: 'bury', failure: { code: 'empty-file' } });
    expect(await stored(job)).toMatchObject({ state: 'failed', failure: { code: 'empty-file' } });
  });

  it('fails where it can be seen when there is no model, and is planned when it is sent back', async () => {
    const job = freshJob();
    onInspect(`uploads/${job}`, 10);
    const without = { ...bench.ports, currentModel: failing('model-missing') };
    const message = submission(job, `uploads/${job}`);
    expect(await handle(message, 1, without)).toMatchObject({ kind: 'bury' });
    expect(await stored(job)).toMatchObject({ state: 'failed', failure: { code: 'model-missing' } });
    expect(await handle(message)).toEqual(ACKNOWLEDGE);
    expect(await sentShards()).toMatchObject([{ job, modelVersion: MODEL }]);
  });

  it('is tried again while a thread is out, and fails with the reason on the last delivery', async () => {
    const job = freshJob();
    bench.ports.threads.onInspect(`uploads/${job}`, failing('thread-died'));
    const message = submission(job, `uploads/${job}`);
    expect(await handle(message, 2)).toEqual({ kind: 'retry', afterSeconds: 2 });
    expect(await stored(job)).toMatchObject({ state: 'planning' });
    expect(await handle(message, RECEIVES_MAX)).toMatchObject({
      kind: 'bury',
      failure: { code: 'thread-died' },
    });
    expect(await stored(job)).toMatchObject({ state: 'failed', failure: { code: 'thread-died' } });
  });

  it('is released when the worker stops, and has not failed', async () => {
    const job = freshJob();
    bench.ports.threads.onInspect(`uploads/${job}`, failing('interrupted'));
    expect(await handle(submission(job, `uploads/${job}`), RECEIVES_MAX)).toEqual({ kind: 'release' });
    expect(await stored(job)).toMatchObject({ state: 'planning' });
  });

  it('is tried again when something breaks that nobody thought of', async () => {
    const job = freshJob();
    bench.ports.threads.onInspect(`uploads/${job}`, async () => {
      throw new TypeError('x is not a function');
    });
    expect(await handle(submission(job, `uploads/${job}`))).toMatchObject({ kind: 'retry' });
  });
});

describe('a worker that dies between the start of a job and its messages', () => {
  /** Ports whose queue takes nothing; what was to be sent is kept. */
  function withoutQueue(): { readonly ports: BenchPorts; readonly unsent: string[] } {
    const unsent: string[] = [];
    const queue = {
      ...bench.ports.queue,
      async send(bodies: readonly string[]): Promise<void> {
        unsent.push(...bodies);
        throw new NutrisageError('queue-unavailable', 'The queue is away.', 'Wait.');
      },
    };
    return { ports: { ...bench.ports, queue }, unsent };
  }
  let job: string;
  let message: SubmissionMessage;
  beforeEach(() => {
    job = freshJob();
    message = submission(job, `uploads/${job}/a`, `uploads/${job}/b`);
    onInspect(`uploads/${job}/a`, 100, 20);
    onInspect(`uploads/${job}/b`, 30);
  });

  it('leaves the same messages, byte by byte, to the next delivery', async () => {
    const { ports, unsent } = withoutQueue();
    expect(await handle(message, 1, ports)).toMatchObject({ kind: 'retry' });
    expect(await stored(job)).toMatchObject({ state: 'running', shards: 3 });
    const later = { ...bench.ports, currentModel: async () => 'b'.repeat(16) };
    expect(await handle(message, 2, { ...later, pins: { ...later.pins, shardRows: 7 } })).toEqual(
      ACKNOWLEDGE,
    );
    expect(unsent).toHaveLength(3);
    expect([...(await bench.takeSent())].sort()).toEqual([...unsent].sort());
  });

  it('leaves a file out for good that could not be read then, though it can now', async () => {
    bench.ports.threads.onInspect(`uploads/${job}/a`, failing('object-missing'));
    const { ports, unsent } = withoutQueue();
    await handle(message, 1, ports);
    onInspect(`uploads/${job}/a`, 100, 20);
    expect(await handle(message, 2)).toEqual(ACKNOWLEDGE);
    expect(await bench.takeSent()).toEqual(unsent);
  });

  it('fails the shards of a file that was lost since, sends the others, and says why', async () => {
    await handle(message, 1, withoutQueue().ports);
    bench.ports.threads.onInspect(`uploads/${job}/a`, failing('object-changed'));
    expect(await handle(message, 2)).toEqual(ACKNOWLEDGE);
    expect(await sentShards()).toMatchObject([{ shard: 2, file: 1, rows: 30, firstRowNumber: 120 }]);
    const lost = { state: 'failed', failure: { code: 'object-changed' } };
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ shard: 0, ...lost });
    expect(await bench.ports.ledger.shard(job, 1)).toMatchObject({ shard: 1, ...lost });
    expect(await bench.ports.ledger.shard(job, 2)).toBeUndefined();
    expect(await stored(job)).toMatchObject({ state: 'running', shards: 3, finished: 2 });
  });

  it('closes the job at once when all of its files were lost since', async () => {
    await handle(message, 1, withoutQueue().ports);
    for (const name of ['a', 'b'])
      bench.ports.threads.onInspect(`uploads/${job}/${name}`, failing('object-missing'));
    expect(await handle(message, 2)).toEqual(ACKNOWLEDGE);
    expect(await bench.takeSent()).toEqual([]);
    expect(await stored(job)).toMatchObject({ state: 'failed', shards: 3, finished: 3 });
  });

  it('fails what was not sent when the queue is away to the last delivery', async () => {
    const { ports } = withoutQueue();
    expect(await handle(message, 1, ports)).toMatchObject({ kind: 'retry' });
    await bench.ports.ledger.putDone(doneShard(1, { job }));
    await bench.ports.ledger.addFinished(job, 100, 10);
    expect(await handle(message, RECEIVES_MAX, ports)).toMatchObject({
      kind: 'bury',
      failure: { code: 'queue-unavailable' },
    });
    const states = (await shardsOf(bench.ports.ledger, job)).map(
      ({ state, failure }) => failure?.code ?? state,
    );
    expect(states).toEqual(['queue-unavailable', 'done', 'queue-unavailable']);
    expect(await stored(job)).toMatchObject({ state: 'partly failed', finished: 3 });
  });

  it('leaves a shard alone that is on its last attempt', async () => {
    const { ports } = withoutQueue();
    await handle(message, 1, ports);
    const attempt = { worker: 'worker-7', attempt: 3, at: SUBMITTED_AT, retentionDays: 30 };
    await bench.ports.ledger.putLastAttempt(lastAttemptRecord(shardMessage({ job, shard: 1 }), attempt));
    await handle(message, RECEIVES_MAX, ports);
    expect(await bench.ports.ledger.shard(job, 1)).toMatchObject({ state: 'last attempt' });
    expect(await stored(job)).toMatchObject({ state: 'running', finished: 2 });
  });

  it('harms no job whose messages were sent, though a second copy of the submission fails for good', async () => {
    expect(await handle(message)).toEqual(ACKNOWLEDGE);
    expect(await sentShards()).toHaveLength(3);
    bench.ports.threads.onInspect(`uploads/${job}/a`, failing('object-missing'));
    expect(await handle(message, RECEIVES_MAX, withoutQueue().ports)).toEqual(ACKNOWLEDGE);
    expect(await stored(job)).toMatchObject({ state: 'running', finished: 0 });
  });

  it('leaves it to the next delivery when two workers planned at once and saw different files', async () => {
    const { ledger } = bench.ports;
    const overtaken = {
      ...ledger,
      async startJob(id: string) {
        const [a, b] = (await stored(id)).inputs.map((input) => ({
          input,
          firstRowNumber: 0,
          firstShard: 0,
        }));
        if (a === undefined || b === undefined) throw new Error('The job has two files.');
        const failure = { code: 'object-missing', message: 'It was not there.', remedy: 'Put it back.' };
        const files = [
          { ...a, rows: 0, shards: 0, failure },
          { ...b, rows: 30, shards: 1 },
        ];
        return ledger.startJob(id, { files, rows: 30, shards: 1 });
      },
    };
    expect(await handle(message, 1, { ...bench.ports, ledger: overtaken })).toMatchObject({ kind: 'retry' });
    expect(await bench.takeSent()).toEqual([]);
    expect(await handle(message, 2)).toEqual(ACKNOWLEDGE);
    expect(await sentShards()).toMatchObject([{ shard: 0, file: 1, rows: 30, firstRowNumber: 0 }]);
  });
});
