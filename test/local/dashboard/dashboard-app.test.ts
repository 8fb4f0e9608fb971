import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readClientModules } from '../../../local/dashboard/client-modules.ts';
import { createDashboardApp } from '../../../local/dashboard/dashboard-app.ts';
import { createEventStream, type EventStream } from '../../../local/dashboard/event-stream.ts';
import type { PageStart, PageView } from '../../../local/dashboard/page-view.ts';
import { reading, START, viewOf } from './readings.ts';

const PAGE_START: PageStart = { startedAt: START, history: [], runbook: {} };

let app: FastifyInstance;
let events: EventStream;
let view: PageView | undefined;
const onReader = vi.fn();

beforeEach(async () => {
  onReader.mockClear();
  view = undefined;
  events = createEventStream();
  app = createDashboardApp({
    client: readClientModules(),
    events,
    start: () => PAGE_START,
    view: () => view,
    onReader,
    report: async (job) => (job === 'known' ? '<!doctype html><h1>shop.parquet</h1>' : undefined),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const address = (path: string): string => {
  const { port } = app.server.address() as AddressInfo; // of a server that listens on a port
  return `http://127.0.0.1:${port}${path}`;
};

describe('the page’s server', () => {
  it('gives a page that loads its own files alone', async () => {
    const answer = await fetch(address('/'));
    const html = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(html).not.toMatch(/https?:\/\//);
    const files = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(4);
    const { imports } = JSON.parse(/<script type="importmap">(.*)<\/script>/.exec(html)?.[1] ?? '{}');
    for (const path of [...files, ...Object.values<string>(imports)]) {
      const file = await fetch(address(path));
      expect([file.status, file.headers.get('x-content-type-options')], path).toEqual([200, 'nosniff']);
      const type = path.endsWith('.css')
        ? 'text/css'
        : path.endsWith('.svg')
          ? 'image/svg+xml'
          : 'text/javascript';
      expect(file.headers.get('content-type'), path).toContain(type);
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  });

  it.each([
    '/package.json',
    '/local/dashboard/start-dashboard.ts',
    '/local/dashboard/client/../read-system.ts',
    '/jobs',
    '/%2e%2e/package.json',
  ])('has nothing at %s', async (path) => {
    expect((await fetch(address(path))).status).toBe(404);
  });

  it('gives the report of a job under a policy of its own', async () => {
    const answer = await fetch(address('/jobs/known/report.html'));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('shop.parquet')]);
    expect(answer.headers.get('content-security-policy')).toContain("style-src 'unsafe-inline'");
    expect(answer.headers.get('content-security-policy')).not.toContain('script-src');
    const missing = await fetch(address('/jobs/unknown/report.html'));
    expect([missing.status, await missing.text()]).toEqual([404, 'There is no report of this job.\n']);
  });

  it('answers under the machine’s own names alone', async () => {
    const statusOf = async (host: string): Promise<number | undefined> => {
      const asked = request(address('/events'), { headers: { host } }).end();
      const [answer] = await once(asked, 'response');
      answer.destroy();
      return answer.statusCode;
    };
    expect(await statusOf('localhost:4569')).toBe(200);
    expect(await statusOf('[::1]:4569')).toBe(200);
    expect(await statusOf('nutrisage.example:4569')).toBe(421);
    expect(await statusOf('127.0.0.1.example')).toBe(421);
  });
});

describe('its events', () => {
  /** What came, as `event: data`, until `count` have come. */
  async function received(count: number, act: () => void = () => {}) {
    const answer = await fetch(address('/events'));
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    let text = '';
    let isFirst = true;
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString('utf8');
      if (isFirst) act();
      isFirst = false;
      if (text.split('\n\n').length > count) break;
    }
    const blocks = text.split('\n\n').slice(0, count);
    return blocks.map((block) => {
      const lines = block.split('\n');
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      return { event: field('event'), data: JSON.parse(field('data') ?? 'null'), retry: field('retry') };
    });
  }

  it('begin with the start, then the latest view, then each as it comes', async () => {
    view = viewOf([reading(1)]);
    const next = viewOf([reading(1), reading(2)]);
    const [first, second, third] = await received(3, () => events.publish(next));
    expect(first).toEqual({ event: 'start', data: PAGE_START, retry: '1000' });
    expect(second).toEqual({ event: 'view', data: view, retry: undefined });
    expect(third).toEqual({ event: 'view', data: next, retry: undefined });
    expect(third?.data.at).toBe(START + 2000);
    expect(onReader).toHaveBeenCalledOnce();
  });

  it('have no view before the first look, and count who listens', async () => {
    const [first] = await received(1, () => expect(events.readers).toBe(1));
    expect(first?.event).toBe('start');
    await expect.poll(() => events.readers).toBe(0);
    // To nobody.
    events.publish(viewOf([reading(1)]));
  });

  it('end when the stack does', async () => {
    const answer = await fetch(address('/events'));
    events.close();
    expect(await answer.text()).toContain('event: start');
  });

  it('let go of a reader that takes nothing', async () => {
    const stuck = request(address('/events')).end();
    const [answer] = await once(stuck, 'response');
    answer.pause();
    const wide = { ...viewOf([reading(1)]), faults: ['x'.repeat(2 ** 20)] };
    await expect
      .poll(
        () => {
          events.publish(wide);
          return events.readers;
        },
        { interval: 5 },
      )
      .toBe(0);
    stuck.destroy();
  });
});
