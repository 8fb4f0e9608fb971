import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, NutrisageError } from '../../../core/errors.ts';
import { decodeEventKey } from '../../../core/jobs/event-key.ts';
import { inboxJobId } from '../../../core/jobs/job-id.ts';
import { JobRecord } from '../../../schemas/ledger.ts';
import { ShardMessage } from '../../../schemas/messages.ts';
import { createParser } from '../../../schemas/parse.ts';
import { S3Event } from '../../../schemas/s3-event.ts';
import { handleDelivery } from '../../../worker/messages/handle-delivery.ts';
import type { Settlement } from '../../../worker/queue/work-queue.ts';
import { MODEL, SUBMITTED_AT, shardMessage } from '../../support/records.ts';
import { inspection } from '../fake-threads.ts';
import {
  type BenchPorts,
  deliveryOf,
  RECEIVES_MAX,
  startWorkerBench,
  type WorkerBench,
} from '../worker-bench.ts';

const shards = createParser('the shard message', ShardMessage);
const jobs = createParser('the job', JobRecord);
const events = createParser('the event', S3Event);
const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

let bench: WorkerBench;
let key: string;
let keys = 0;

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());
beforeEach(() => {
  keys += 1;
  key = `inbox/shop ${keys}.parquet`;
});

const handle = (
  body: object | string,
  receiveCount = 1,
  ports: BenchPorts = bench.ports,
): Promise<Settlement> => handleDelivery(ports, deliveryOf(body, receiveCount));

/** Puts an object and takes the event that it raises. */
async function drop(content: string): Promise<string> {
  const object = { Bucket: bench.ports.dataBucket, Key: key, Body: content };
  await bench.clients.s3.send(new PutObjectCommand(object));
  const [event] = await bench.takeEvents();
  if (event === undefined) throw new Error(`${key} raised no event.`);
  return event;
}
const remove = () =>
  bench.clients.s3.send(new DeleteObjectCommand({ Bucket: bench.ports.dataBucket, Key: key }));

function jobOf(event: string): string {
  const { s3 } = events.parse(JSON.parse(event)).Records[0] ?? {};
  return inboxJobId({
    bucket: s3?.bucket.name ?? '',
    key: decodeEventKey(s3?.object.key ?? ''),
    etag: s3?.object.eTag ?? '',
    sequencer: s3?.object.sequencer ?? '',
  });
}
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

describe('a message that nobody understands', () => {
  it('is buried with the reason', async () => {
    expect(await handle('{"kind":"order"}')).toMatchObject({
      kind: 'bury',
      failure: { code: 'malformed-message' },
    });
  });
});

describe('a message with nothing to do', () => {
  it('is acknowledged', async () => {
    expect(await handle({ Event: 's3:TestEvent' })).toEqual(ACKNOWLEDGE);
  });
});

describe('a shard message', () => {
  it('goes to the shard, and its trouble with the ledger is tried again until it is buried', async () => {
    const ledger = { ...bench.ports.ledger, shard: failing('table-unavailable') };
    const ports = { ...bench.ports, ledger };
    expect(await handle(shardMessage(), 1, ports)).toEqual({ kind: 'retry', afterSeconds: 1 });
    expect(await handle(shardMessage(), RECEIVES_MAX, ports)).toMatchObject({
      kind: 'bury',
      failure: { code: 'table-unavailable' },
    });
  });
});

describe('an object in the inbox', () => {
  it('becomes a running job and its shard messages', async () => {
    const event = await drop('two groups');
    onInspect(key, 60, 60);
    expect(await handle(event)).toEqual(ACKNOWLEDGE);
    const job = await stored(jobOf(event));
    const input = job.inputs[0];
    expect(input).toMatchObject({ bucket: bench.ports.dataBucket, key, size: 'two groups'.length });
    expect(job).toMatchObject({
      state: 'running',
      origin: 'inbox',
      modelVersion: MODEL,
      rows: 120,
      shards: 2,
      finished: 0,
      files: [{ rows: 120, firstRowNumber: 0, firstShard: 0, shards: 2 }],
    });
    expect(job.submittedAt).toBe(events.parse(JSON.parse(event)).Records[0]?.eventTime);
    const common = { job: job.job, input, submittedAt: job.submittedAt, modelVersion: MODEL, redrive: 0 };
    expect(await sentShards()).toMatchObject([
      { ...common, shard: 0, rows: 60, firstRowNumber: 0, rowGroups: { first: 0, count: 1 } },
      { ...common, shard: 1, rows: 60, firstRowNumber: 60, rowGroups: { first: 1, count: 1 } },
    ]);
  });

  it('is one job when its event comes twice, and its messages are sent once', async () => {
    const event = await drop('once');
    onInspect(key, 50, 70);
    await handle(event);
    const job = await stored(jobOf(event));
    expect(await bench.takeSent()).toHaveLength(2);
    bench.setClock('2027-01-01T00:00:00.000Z');
    const ports = { ...bench.ports, currentModel: async () => 'a'.repeat(16) };
    expect(await handle(event, 2, ports)).toEqual(ACKNOWLEDGE);
    expect(await stored(jobOf(event))).toEqual(job);
    expect(await bench.takeSent()).toEqual([]);
  });

  it('is another job when the same bytes are dropped again', async () => {
    const [first, second] = [await drop('same bytes'), await drop('same bytes')];
    onInspect(key, 10);
    for (const event of [first, second]) expect(await handle(event)).toEqual(ACKNOWLEDGE);
    expect(jobOf(first)).not.toBe(jobOf(second));
    expect((await sentShards()).map(({ job }) => job).sort()).toEqual([jobOf(first), jobOf(second)].sort());
  });

  it('fails with the reason when it was deleted before it was planned', async () => {
    const event = await drop('soon gone');
    await remove();
    const settlement = await handle(event);
    expect(settlement).toMatchObject({ kind: 'bury', failure: { code: 'object-missing' } });
    const job = await stored(jobOf(event));
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'object-missing' } });
    expect(job.failure?.message).toContain(key);
    expect(await bench.takeSent()).toEqual([]);
  });

  it.each([
    ['answers', async () => MODEL],
    ['is away', failing('store-unavailable')],
  ])('pins no model when it fails before it is opened, while the store %s', async (what, currentModel) => {
    const event = await drop(`soon gone, while the store ${what}`);
    await remove();
    await handle(event, 1, { ...bench.ports, currentModel });
    expect(await stored(jobOf(event))).toMatchObject({ state: 'failed', modelVersion: 'none' });
  });

  it('fails with the reason when another took its place; the other is a job of its own', async () => {
    const [first, second] = [await drop('the first'), await drop('the second')];
    onInspect(key, 10);
    expect(await handle(first)).toMatchObject({ kind: 'bury', failure: { code: 'object-changed' } });
    expect(await stored(jobOf(first))).toMatchObject({
      state: 'failed',
      failure: { code: 'object-changed' },
    });
    expect(await handle(second)).toEqual(ACKNOWLEDGE);
    expect(await stored(jobOf(second))).toMatchObject({ state: 'running' });
    await bench.takeSent();
  });

  it('fails when it is no Parquet, and is planned when it is sent back after that was mended', async () => {
    const event = await drop('code;grade');
    bench.ports.threads.onInspect(key, failing('not-parquet'));
    expect(await handle(event)).toMatchObject({ kind: 'bury', failure: { code: 'not-parquet' } });
    expect(await stored(jobOf(event))).toMatchObject({ state: 'failed', failure: { code: 'not-parquet' } });
    onInspect(key, 10);
    expect(await handle(event)).toEqual(ACKNOWLEDGE);
    const job = await stored(jobOf(event));
    expect(job).toMatchObject({ state: 'running', shards: 1 });
    expect(job.failure).toBeUndefined();
    await bench.takeSent();
  });

  it('fails while there is no model, and is graded by the one there is when it is sent back', async () => {
    const event = await drop('no model yet');
    onInspect(key, 10);
    const without = { ...bench.ports, currentModel: failing('model-missing') };
    expect(await handle(event, 1, without)).toMatchObject({
      kind: 'bury',
      failure: { code: 'model-missing' },
    });
    expect(await stored(jobOf(event))).toMatchObject({ state: 'failed', failure: { code: 'model-missing' } });
    expect(await handle(event)).toEqual(ACKNOWLEDGE);
    expect(await stored(jobOf(event))).toMatchObject({ state: 'running', modelVersion: MODEL });
    expect(await sentShards()).toMatchObject([{ modelVersion: MODEL }]);
  });

  it('is graded as it is when it is put back and its event is sent back, though the event told less', async () => {
    const event = await drop('put back');
    const told = events.parse(JSON.parse(event));
    for (const { s3 } of told.Records) delete s3.object.size;
    await remove();
    expect(await handle(told)).toMatchObject({ kind: 'bury' });
    await drop('put back');
    onInspect(key, 10);
    expect(await handle(told)).toEqual(ACKNOWLEDGE);
    expect((await stored(jobOf(event))).inputs).toMatchObject([{ size: 'put back'.length }]);
    await bench.takeSent();
  });

  it('is tried again while the store is away, and fails with the reason on the last delivery', async () => {
    const event = await drop('out of reach');
    const store = { ...bench.ports.store, head: failing('store-unavailable') };
    const ports = { ...bench.ports, store };
    expect(await handle(event, 1, ports)).toEqual({ kind: 'retry', afterSeconds: 1 });
    expect(await handle(event, 2, ports)).toEqual({ kind: 'retry', afterSeconds: 2 });
    expect(await bench.ports.ledger.job(jobOf(event))).toBeUndefined();
    const settlement = await handle(event, RECEIVES_MAX, ports);
    expect(settlement).toMatchObject({ kind: 'bury', failure: { code: 'store-unavailable' } });
    expect(await stored(jobOf(event))).toMatchObject({
      state: 'failed',
      failure: { code: 'store-unavailable' },
    });
  });

  it('is done with when its event comes again after it was planned and removed', async () => {
    const event = await drop('planned and removed');
    onInspect(key, 10);
    await handle(event);
    const { job, revision } = await stored(jobOf(event));
    await bench.ports.ledger.closeJob(job, revision, {
      state: 'succeeded',
      closedAt: SUBMITTED_AT,
      finished: 1,
      rowsFinished: 100,
      rowsRejected: 10,
    });
    await remove();
    expect(await handle(event, 2)).toEqual(ACKNOWLEDGE);
    expect(await stored(job)).toMatchObject({ state: 'succeeded' });
    await bench.takeSent();
  });

  it('is tried again for the one that may come, where an event tells of another that is gone', async () => {
    const gone = await drop('gone');
    await remove();
    key = `inbox/other ${keys}.parquet`;
    const away = await drop('away for now');
    bench.ports.threads.onInspect(key, failing('store-unavailable'));
    const both = { Records: [gone, away].flatMap((event) => events.parse(JSON.parse(event)).Records) };
    expect(await handle(both)).toMatchObject({ kind: 'retry' });
    expect(await stored(jobOf(gone))).toMatchObject({ state: 'failed', failure: { code: 'object-missing' } });
    onInspect(key, 10);
    expect(await handle(both, 2)).toMatchObject({ kind: 'bury', failure: { code: 'object-missing' } });
    expect(await stored(jobOf(away))).toMatchObject({ state: 'running' });
    await bench.takeSent();
  });
});
