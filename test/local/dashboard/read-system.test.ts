import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRegistry } from '../../../core/metrics/registry.ts';
import { renderPrometheus } from '../../../core/metrics/render-prometheus.ts';
import { createModelReader } from '../../../local/dashboard/read-model.ts';
import { readQueue } from '../../../local/dashboard/read-queue.ts';
import { createSystemReader, type SystemPorts } from '../../../local/dashboard/read-system.ts';
import { type HeldMessage, lookOf } from '../../../local/stack/queue-look.ts';
import type { JobLedger, ObjectStore, Services } from '../../../producer/commands/ports.ts';
import { DEAD_LETTER_ATTRIBUTES, RESOURCES } from '../../../schemas/names.ts';
import { jobSummary } from '../../producer/records.ts';
import { jobRecord, MODEL, shardMessage } from '../../support/records.ts';
import { EMPTY } from './readings.ts';

const unset = (name: string) => () => {
  throw new Error(`${name} was not set up`);
};

function portsOf(
  changes: Partial<Omit<SystemPorts, 'services'>> = {},
  services: { recentJobs?: JobLedger['recentJobs']; readText?: ObjectStore['readText'] } = {},
): SystemPorts {
  const { recentJobs = async () => [], readText = unset('readText') } = services;
  return {
    readQueue: () => EMPTY,
    members: () => [],
    desired: () => undefined,
    readModel: async () => undefined,
    endpoint: () => undefined,
    // A fake of what is read; the rest of the services is never asked.
    services: { dataBucket: 'data', ledger: { recentJobs }, store: { readText } } as unknown as Services,
    ...changes,
  };
}

describe('a reading', () => {
  it('has what there is, and says of the rest why not', async () => {
    const failing = createSystemReader(
      portsOf(
        { readQueue: unset('queue'), readModel: async () => Promise.reject(new Error('no bucket')) },
        { recentJobs: async () => Promise.reject(new Error('away')) },
      ),
    );
    const reading = await failing(7);
    expect(reading).toMatchObject({
      at: 7,
      queue: undefined,
      jobs: undefined,
      model: undefined,
      endpoint: undefined,
    });
    expect(reading.faults.toSorted()).toEqual([
      'The current model can not be read: no bucket',
      'The ledger can not be read: away',
      'The queue can not be read: queue was not set up',
    ]);
    expect((await createSystemReader(portsOf())(8)).faults).toEqual([]);
  });

  it('has a closed job’s summary, read once until the job is opened and closed again', async () => {
    const closed = jobRecord({
      job: 'a'.repeat(16),
      state: 'succeeded',
      closedAt: '2026-11-23T10:01:00.000Z',
    });
    const open = jobRecord({ state: 'running' });
    let records = [closed, open];
    const readText = vi.fn(async () => JSON.stringify(jobSummary(closed.job)));
    const read = createSystemReader(portsOf({}, { recentJobs: async () => records, readText }));
    const [first, second] = (await read(1)).jobs ?? [];
    expect(first?.summary?.job).toBe(closed.job);
    expect(second?.summary).toBeUndefined();
    await read(2);
    expect(readText).toHaveBeenCalledTimes(1);
    expect(readText).toHaveBeenCalledWith('data', `jobs/${closed.job}/summary.json`);
    records = [{ ...closed, revision: 1, closedAt: '2026-11-23T10:05:00.000Z' }];
    await read(3);
    expect(readText).toHaveBeenCalledTimes(2);
  });

  it('shows a job without its summary where that is damaged or missing', async () => {
    const closed = jobRecord({ state: 'failed', closedAt: '2026-11-23T10:01:00.000Z' });
    const texts = ['{', undefined];
    const readText = async () => texts.shift();
    for (const at of [1, 2]) {
      const read = createSystemReader(portsOf({}, { recentJobs: async () => [closed], readText }));
      expect(await read(at)).toMatchObject({ jobs: [{ record: closed, summary: undefined }], faults: [] });
    }
  });

  it('asks again for a summary that could not be read', async () => {
    const closed = jobRecord({ state: 'succeeded', closedAt: '2026-11-23T10:01:00.000Z' });
    const readText = vi
      .fn(async () => JSON.stringify(jobSummary(closed.job)))
      .mockRejectedValueOnce(new Error('away'));
    const read = createSystemReader(portsOf({}, { recentJobs: async () => [closed], readText }));
    expect((await read(1)).jobs?.[0]?.summary).toBeUndefined();
    expect((await read(2)).jobs?.[0]?.summary?.job).toBe(closed.job);
  });

  it('asks for the model as seldom as workers do', async () => {
    const readModel = vi.fn(async () => undefined);
    const read = createSystemReader(portsOf({ readModel }));
    for (const at of [0, 1000, 4000]) await read(at);
    expect(readModel).toHaveBeenCalledTimes(1);
    await read(5000);
    expect(readModel).toHaveBeenCalledTimes(2);
  });

  describe('of processes that tell their metrics', () => {
    let server: Server;
    let address: string;
    beforeEach(async () => {
      const registry = createRegistry('worker');
      registry.add('RowsRead', 42);
      server = createServer((request, response) => {
        response.statusCode = request.url === '/metrics' ? 200 : 500;
        // The one that hangs is never answered.
        if (request.url !== '/hangs') response.end(renderPrometheus(registry.snapshot()));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // of a server that listens on a port
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it('has their counts, and goes on without those that do not answer', async () => {
      const member = (name: string, metricsAddress?: string) =>
        ({ name, state: 'ready', pid: 1, metricsAddress }) as const;
      const members = () => [
        member('worker-1', `${address}/metrics`),
        member('worker-2', `${address}/broken`),
        member('worker-3', `${address}/hangs`),
        member('worker-4', 'http://127.0.0.1:1/metrics'),
        member('worker-5'),
      ];
      const endpoint = () => ({ address: 'page', metricsAddress: `${address}/metrics` });
      const { fleet, endpoint: read } = await createSystemReader(portsOf({ members, endpoint }))(1);
      expect(fleet.workers[0]).toEqual({
        name: 'worker-1',
        state: 'ready',
        pid: 1,
        snapshot: expect.arrayContaining([expect.objectContaining({ metric: 'RowsRead', value: 42 })]),
      });
      expect(fleet.workers.slice(1).map(({ snapshot }) => snapshot)).toEqual(new Array(4).fill(undefined));
      expect(read).toMatchObject({ address: 'page', snapshot: expect.any(Array) });
    });
  });
});

describe('the model as it is read', () => {
  const pointer = JSON.stringify({ version: MODEL, promotedAt: '2026-11-23T09:00:00.000Z' });

  it('is none while none is promoted', async () => {
    expect(await createModelReader({ readText: async () => undefined }, 'models')()).toBeUndefined();
  });

  it('has the figure of its card, the manifest being read once', async () => {
    const manifest = await import('../../../fixtures/model/manifest.json', { with: { type: 'json' } });
    const readText = vi.fn(async (_bucket: string, key: string) =>
      key === 'models/current.json' ? pointer : JSON.stringify(manifest.default),
    );
    const read = createModelReader({ readText }, 'models');
    const accuracy = manifest.default.metrics['accuracy.complete'];
    expect(await read()).toEqual({ version: MODEL, promotedAt: '2026-11-23T09:00:00.000Z', accuracy });
    await read();
    expect(readText.mock.calls.map(([, key]) => key)).toEqual([
      'models/current.json',
      `models/${MODEL}/manifest.json`,
      'models/current.json',
    ]);
  });

  it('has no figure where its manifest is missing', async () => {
    const readText = async (_: string, key: string) => (key === 'models/current.json' ? pointer : undefined);
    expect(await createModelReader({ readText }, 'models')()).toMatchObject({ accuracy: undefined });
  });
});

describe('the queues as they are read', () => {
  const held = (changes: Partial<HeldMessage> = {}): HeldMessage => ({
    messageId: 'm',
    body: '{}',
    messageAttributes: {},
    sentTimestamp: 1000,
    ...changes,
  });

  it('count what waits and what is in flight, what nobody asked back being no more in flight', () => {
    const look = lookOf(
      {
        ready: [held({ sentTimestamp: 5000 })],
        delayed: [held({ sentTimestamp: 6000 })],
        inflight: [
          { message: held({ messageId: 'taken', sentTimestamp: 4000 }), visibilityDeadline: 20_000 },
          { message: held({ sentTimestamp: 3000 }), visibilityDeadline: 9000 },
        ],
      },
      10_000,
    );
    expect(look).toMatchObject({ waiting: 3, inFlight: 1, oldestSeconds: 7 });
    expect(look.first(3).map(({ messageId }) => messageId)).toEqual(['m', 'm', 'taken']);
    const empty = lookOf({ ready: [], delayed: [], inflight: [] }, 1);
    expect(empty).toMatchObject({ waiting: 0, inFlight: 0, oldestSeconds: undefined });
  });

  it('tell dead letters with the reason that their worker gave', () => {
    const attributes = Object.fromEntries(
      Object.values(DEAD_LETTER_ATTRIBUTES).map((name) => [
        name,
        { DataType: 'String', StringValue: `of ${name}` },
      ]),
    );
    const buried = held({ body: JSON.stringify(shardMessage({ shard: 4 })), messageAttributes: attributes });
    const bare = held({ messageId: 'n', body: 'no JSON', messageAttributes: { other: {} } });
    const lookAt = (queue: string) =>
      lookOf(
        { ready: queue === RESOURCES.deadLetterQueue ? [buried, bare] : [], delayed: [], inflight: [] },
        0,
      );
    const { dead, waiting, letters } = readQueue({ lookAt });
    expect([dead, waiting]).toEqual([2, 0]);
    expect(letters).toMatchObject([
      { kind: 'shard', shard: 4, failure: { code: 'of failureCode', remedy: 'of failureRemedy' } },
      { kind: 'unknown', failure: undefined },
    ]);
    expect(() => readQueue({ lookAt: () => undefined })).toThrow(`there is no queue ${RESOURCES.jobsQueue}`);
  });
});
