import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parsePrometheus } from '../../../core/metrics/parse-prometheus.ts';
import { createRegistry } from '../../../core/metrics/registry.ts';
import { type Metrics, type MetricsPorts, startMetrics } from '../../../worker/metrics/start-metrics.ts';
import { ConfigError } from '../../../worker/settings.ts';

const OFF = {
  metrics: 'off',
  metricsNamespace: 'Test',
  metricsSeconds: 3600,
  metricsPort: undefined,
  metricsHost: '127.0.0.1',
  workerName: 'worker-7',
} as const;

let running: Metrics | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

function parts(changes: Partial<MetricsPorts> = {}) {
  const lines: string[] = [];
  const ports: MetricsPorts = {
    registry: createRegistry('worker'),
    service: 'worker',
    threadUse: () => ({ threads: 2, busyMs: 0, deaths: 0 }),
    modelRefusals: () => 0,
    modelVersion: () => 'fedcba9876543210',
    queueDepths: async () => ({ waiting: 7, inFlight: 2, dead: 1 }),
    write: (line) => void lines.push(line),
    clock: () => new Date('2026-11-23T10:00:00.000Z'),
    log: pino({ level: 'silent' }),
    ...changes,
  };
  return { ports, lines };
}

const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${running?.port}${path}`, { method });

describe('the metrics of a process', () => {
  it('are neither watched nor told unless somebody asks', async () => {
    const { ports, lines } = parts();
    const depths = vi.fn(ports.queueDepths);
    running = await startMetrics(OFF, { ...ports, queueDepths: depths });
    expect(running.port).toBeUndefined();
    await running.stop();
    expect(lines).toEqual([]);
    expect(depths).not.toHaveBeenCalled();
  });

  it('are served on a port of their own, on loopback', async () => {
    const { ports } = parts();
    running = await startMetrics({ ...OFF, metricsPort: 0 }, ports);
    const live = await get('/health/live');
    expect([live.status, await live.text()]).toEqual([200, 'ok\n']);
    await expect.poll(async () => (await (await get('/metrics')).text()).includes('backlog')).toBe(true);
    const answer = await get('/metrics?x=1');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const read = parsePrometheus(await answer.text());
    const value = (metric: string) => read.find((series) => series.metric === metric);
    expect(value('Up')).toMatchObject({ value: 1 });
    expect(value('Threads')).toMatchObject({ value: 2 });
    expect(value('BacklogMessages')).toMatchObject({ value: 7 });
    expect(value('DeadLetterMessages')).toMatchObject({ value: 1 });
    expect(value('ModelVersion')).toMatchObject({ labels: { Version: 'fedcba9876543210' } });
    expect(value('ResidentMemory')).toMatchObject({ value: expect.toSatisfy((bytes) => bytes > 1e7) });
    expect((await get('/')).status).toBe(404);
    const posted = await get('/metrics', 'POST');
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await get('/metrics', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('say how busy the threads were since the last look, and what died or was refused', async () => {
    let use = { threads: 2, busyMs: 0, deaths: 0 };
    let refusals = 0;
    const { ports } = parts({
      threadUse: () => use,
      modelRefusals: () => refusals,
      modelVersion: () => undefined,
      queueDepths: undefined,
    });
    running = await startMetrics({ ...OFF, metricsPort: 0 }, ports);
    use = { threads: 2, busyMs: 1e9, deaths: 3 };
    refusals = 2;
    const read = parsePrometheus(await (await get('/metrics')).text());
    const value = (metric: string) => read.find((series) => series.metric === metric);
    expect(value('ThreadUse')).toMatchObject({ value: 100 });
    expect(value('ThreadDeaths')).toMatchObject({ value: 3 });
    expect(value('ModelRefusals')).toMatchObject({ value: 2 });
    expect(value('ModelVersion')).toBeUndefined();
    expect(value('BacklogMessages')).toBeUndefined();
    const again = parsePrometheus(await (await get('/metrics')).text());
    expect(again.find(({ metric }) => metric === 'ThreadUse')).toMatchObject({ value: 0 });
    expect(again.find(({ metric }) => metric === 'ThreadDeaths')).toMatchObject({ value: 3 });
  });

  it('are written as documents, each time what was counted since, and at the stop what is left', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { ports, lines } = parts();
      running = await startMetrics({ ...OFF, metrics: 'emf', metricsSeconds: 60 }, ports);
      ports.registry.add('RowsRead', 100);
      vi.advanceTimersByTime(60_000);
      ports.registry.add('RowsRead', 30);
      await running.stop();
      const rows = lines.map((line) => JSON.parse(line)).filter((document) => 'RowsRead' in document);
      expect(rows.map(({ RowsRead }) => RowsRead)).toEqual([100, 30]);
      expect(rows[0]).toMatchObject({
        _aws: { Timestamp: Date.parse('2026-11-23T10:00:00.000Z') },
        Service: 'worker',
        worker: 'worker-7',
        modelVersion: 'fedcba9876543210',
      });
      expect(rows[0]._aws.CloudWatchMetrics[0].Namespace).toBe('Test');
      for (const line of lines) expect(line.endsWith('}\n')).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tell a delay of the event loop', async () => {
    const { ports } = parts();
    running = await startMetrics({ ...OFF, metricsPort: 0 }, ports);
    // The measure begins with its timer's first tick: held before that, the loop shows nothing.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 120;
    while (performance.now() < until);
    const longest = () => {
      const found = ports.registry.snapshot().find(({ metric }) => metric === 'EventLoopDelay');
      return found !== undefined && 'sums' in found ? Math.max(...found.sums) : 0;
    };
    await expect.poll(longest, { timeout: 5000 }).toBeGreaterThan(0.08);
  });

  it('do without the queues’ depths where they can not be told, and say so once', async () => {
    const log = pino({ level: 'silent' });
    const warn = vi.spyOn(log, 'warn');
    const depths = vi.fn(async () => Promise.reject(new Error('AccessDenied')));
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { ports } = parts({ queueDepths: depths, log });
      running = await startMetrics({ ...OFF, metrics: 'emf' }, ports);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(depths.mock.calls.length).toBeGreaterThan(2);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('do not start on a port that is taken, with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const failure = await startMetrics({ ...OFF, metricsPort: port }, parts().ports).catch(
      (error: unknown) => error,
    );
    taken.close();
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toContain(`NUTRISAGE_METRICS_PORT is ${port}`);
    expect((failure as Error).message).toContain('give a free port, or 0 for any');
  });
});
