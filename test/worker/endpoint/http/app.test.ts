import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GradingsResponse, JobStatus, Readiness } from '../../../../schemas/http.ts';
import { OPERATIONS } from '../../../../schemas/openapi-operations.ts';
import { createParser } from '../../../../schemas/parse.ts';
import { jobRecord } from '../../../support/records.ts';
import { LOOSE, SPREAD } from '../products.ts';
import { keyringOf, newKey, type Served, type ServeOptions, serve } from './serve.ts';

let plain: Served;
let special: Served | undefined;
beforeAll(async () => {
  plain = await serve();
});
afterEach(async () => {
  await special?.close();
  special = undefined;
});
afterAll(() => plain.close());

async function specially(options: ServeOptions): Promise<Served> {
  special = await serve(options);
  return special;
}

describe('every answer', () => {
  it('has an id of its own, or the one that was sent with the request', async () => {
    const id = async (headers: Record<string, string>) =>
      (await plain.post(SPREAD, headers)).headers.get('x-request-id');
    const [first, second] = [await id({}), await id({})];
    expect(first).toMatch(/^[\w-]{8}-\d+$/);
    expect(second).not.toBe(first);
    expect(await id({ 'x-request-id': 'order-17.a:b' })).toBe('order-17.a:b');
    expect(await id({ 'x-request-id': '<script>' })).toMatch(/^[\w-]{8}-\d+$/);
    expect(await id({ 'x-request-id': 'x'.repeat(65) })).toMatch(/^[\w-]{8}-\d+$/);
  });

  it('is for no browser to guess at, keep or frame', async () => {
    for (const response of [
      await plain.post(SPREAD),
      await plain.get('/nothing'),
      await plain.get('/health/live'),
    ]) {
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
      expect(response.headers.get('server')).toBeNull();
      expect(response.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('is counted by its route and status', async () => {
    plain.counted.length = 0;
    await plain.post(SPREAD);
    await plain.post('{');
    await plain.get('/grades/1');
    await plain.get('/nothing');
    await expect
      .poll(() => plain.counted)
      .toEqual(['/grade 200', '/grade 400', '/grades/:code 404', 'none 404']);
  });
});

describe('an endpoint that is stopping', () => {
  it('answers, closes the connection with the answer, and is not ready', async () => {
    const { post, get } = await specially({
      ports: {
        isStopping: () => true,
        readiness: () => ({ status: 'not ready', reason: 'the endpoint is stopping', rules: '2023' }),
      },
    });
    const answer = await post(SPREAD);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const ready = await get('/health/ready');
    expect(ready.status).toBe(503);
    expect(createParser('readiness', Readiness).parse(await ready.json())).toMatchObject({
      status: 'not ready',
    });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('answers what it has before it is closed', async () => {
    const { app, post } = await specially({});
    const answers = Array.from({ length: 20 }, () => post(LOOSE));
    await post(LOOSE);
    await app.close();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('pages of other origins', () => {
  it('may not call it by default', async () => {
    const response = await plain.post(SPREAD, { origin: 'https://shop.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await plain.get('/grade', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(405);
  });

  it('may where they are named, without a key for the question', async () => {
    const { url, post, get } = await specially({
      settings: { corsOrigins: ['https://shop.example'] },
      ports: { keys: keyringOf({ shop: [newKey('shop')] }) },
    });
    const ask = (origin: string) =>
      fetch(`${url}/grade`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,authorization',
        },
      });
    const allowed = await ask('https://shop.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://shop.example',
    ]);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect(
      (await post(SPREAD, { origin: 'https://shop.example' })).headers.get('access-control-allow-origin'),
    ).toBe('https://shop.example');
    // Preflights are answered whatever the address; that makes no address of it.
    expect((await get('/nothing')).status).toBe(404);
  });
});

describe('keys', () => {
  it('are two at a time, so that one can be replaced', async () => {
    const [old, current] = [newKey('shop'), newKey('shop')];
    const { post, counted } = await specially({ ports: { keys: keyringOf({ shop: [old, current] }) } });
    for (const key of [old, current])
      expect((await post(SPREAD, { authorization: `Bearer ${key}` })).status).toBe(200);
    expect(counted).not.toContain('/grade 401');
  });
});

describe('looking up', () => {
  const grading = {
    code: '00 1/2',
    sk: '2026-11-23T10:00:00.000Z#0123456789abcdef#000000000007',
    job: '0123456789abcdef',
    rowNumber: 7,
    gradedFor: '2026-11-23T10:00:00.000Z',
    grade: 'c',
    source: 'official',
    officialGrade: 'c',
    officialScore: 5,
    officialStatus: 'final',
    modelGrade: 'd',
    probabilities: [0, 0.1, 0.3, 0.6, 0],
    modelVersion: 'fedcba9876543210',
    expiresAt: 1,
  } as const;

  it('gives the gradings of a product, the newest first', async () => {
    const asked: [string, number][] = [];
    const { officialGrade, officialScore, officialStatus, ...older } = grading;
    const gradings = async (code: string, limit: number) => {
      asked.push([code, limit]);
      return [
        { ...grading, probabilities: [...grading.probabilities] },
        { ...older, probabilities: [1, 0, 0, 0, 0], warnings: ['fibre-absent'] },
      ];
    };
    const { get } = await specially({ ports: { lookup: { grades: { gradings }, jobs: undefined } } });
    const response = await get(`/grades/${encodeURIComponent(grading.code)}?limit=2`);
    const { code, latest, earlier } = createParser('gradings', GradingsResponse).parse(await response.json());
    expect([code, asked]).toEqual(['00 1/2', [['00 1/2', 2]]]);
    expect(latest).toMatchObject({
      grade: 'c',
      official: { grade: 'c', score: 5, status: 'final' },
      model: { grade: 'd', probabilities: { a: 0, b: 0.1, c: 0.3, d: 0.6, e: 0 } },
      warnings: [],
    });
    expect(earlier).toMatchObject([{ official: null, warnings: ['fibre-absent'] }]);
    await get('/grades/1');
    expect(asked[1]).toEqual(['1', 10]);
  });

  it('tells how a job stands', async () => {
    const failure = { code: 'model-missing', message: 'There is none.', remedy: 'Publish one.' };
    const records = [
      jobRecord(),
      jobRecord({
        state: 'failed',
        rows: 10,
        shards: 2,
        finished: 2,
        closedAt: '2026-11-23T10:01:00.000Z',
        failure,
      }),
    ];
    const { get } = await specially({
      ports: { lookup: { grades: undefined, jobs: { job: async () => records.shift() } } },
    });
    const status = createParser('job status', JobStatus);
    const planning = status.parse(await (await get('/jobs/0123456789abcdef')).json());
    expect(planning).toMatchObject({ state: 'planning', files: 1, shardsFinished: 0 });
    expect(planning).not.toHaveProperty('rows');
    expect(status.parse(await (await get('/jobs/0123456789abcdef')).json())).toMatchObject({
      state: 'failed',
      rows: 10,
      shards: 2,
      failure,
    });
  });
});

describe('the routes', () => {
  it('are those that the OpenAPI document tells of', () => {
    const told = OPERATIONS.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    for (const route of told) {
      const [method = '', url = ''] = route.split(' ');
      expect(plain.app.hasRoute({ method: method as 'GET', url }), route).toBe(true);
    }
  });
});
