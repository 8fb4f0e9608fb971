/** Every code that docs/errors.md has of the endpoint, produced. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../../core/errors.ts';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../../../../schemas/problems.ts';
import { ProblemError } from '../../../../worker/endpoint/http/problem.ts';
import { servingModel } from '../made-model.ts';
import { IMPOSSIBLE, SPREAD, spreads } from '../products.ts';
import { keyringOf, newKey, problemOf, rawProblem, type Served, type ServeOptions, serve } from './serve.ts';

const produced = new Set<string>();

/** The endpoint that most of them come from. */
let plain: Served;
/** One made for a test, gone with it. */
let special: Served | undefined;
beforeAll(async () => {
  plain = await serve({ settings: { bodyBytesMax: 200_000, headersSeconds: 1, requestSeconds: 2 } });
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

/** Checks a refusal, and that it says what is wrong and what to do. */
async function expectProblem(
  answer: Promise<Response>,
  code: ProblemCode,
  detail?: RegExp,
): Promise<Response> {
  const response = await answer;
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ code, status: PROBLEMS[code].status, title: PROBLEMS[code].title });
  expect(problem.detail).toMatch(detail ?? /^[A-Z/].+\.$/);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  produced.add(code);
  return response;
}

describe('a body', () => {
  it.each([
    ['', /The body is empty/],
    [' ', /The body is not JSON: /],
    ['{"sugars":3', /The body is not JSON: /],
    ['{"sugars":NaN}', /The body is not JSON: /],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /The body is not UTF-8/],
    [Buffer.from('{"code":"\ud800"}', 'utf16le'), /The body is not JSON|not UTF-8/],
  ])('is refused as %j', async (body, detail) => {
    await expectProblem(plain.post(body), 'invalid-json', detail);
  });

  it('is refused where it is JSON and no item', async () => {
    const bodies = [
      'null',
      '3',
      '"sugars"',
      { sugar: 3 },
      { sugars: '3' },
      { fat: 1, sugars_100g: 2 },
      '{"__proto__":{"sugars":3}}',
    ];
    for (const body of bodies) await expectProblem(plain.post(body), 'invalid-item');
    const { faults } = await problemOf(await plain.post({ sugar: 3 }));
    expect(faults).toEqual([{ at: '/sugar', problem: 'is no name of an item: `sugars` may be meant' }]);
  });

  it('is refused where its list is empty, or too long', async () => {
    await expectProblem(plain.post([]), 'empty-list');
    await expectProblem(
      plain.post(Array.from({ length: 1001 }, () => ({ fat: 1 }))),
      'list-too-long',
      /at most 1000 items; this one has 1001/,
    );
    await expectProblem(
      plain.post(spreads(51), {}, '/grade?explain=true'),
      'list-too-long',
      /With `explain`, a list has at most 50/,
    );
  });

  it('is refused where it is too large, said beforehand or not, and the connection closed', async () => {
    const body = JSON.stringify({ ...SPREAD, name: 'x'.repeat(200_000) });
    const response = await expectProblem(plain.post(body), 'body-too-large');
    expect(response.headers.get('connection')).toBe('close');
    const chunk = `${(20_000).toString(16)}\r\n${'x'.repeat(20_000)}\r\n`;
    const head =
      'POST /grade HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(rawProblem(await plain.raw(head + chunk.repeat(11)))).toMatchObject({ code: 'body-too-large' });
  });

  it('is refused where it is not said to be JSON, or compressed', async () => {
    await expectProblem(
      plain.post('sugars=3', { 'content-type': 'application/x-www-form-urlencoded' }),
      'unsupported-media-type',
    );
    await expectProblem(plain.post('{}', { 'content-type': 'no type' }), 'unsupported-media-type');
    await expectProblem(plain.post('{}', { 'content-type': '' }), 'unsupported-media-type');
    const bomb = gzipSync(Buffer.alloc(50_000_000, '['));
    await expectProblem(plain.post(bomb, { 'content-encoding': 'gzip' }), 'unsupported-media-type');
  });

  it('is refused where its item must not be graded, with the reasons', async () => {
    const response = await plain.post(IMPOSSIBLE);
    await expectProblem(Promise.resolve(response.clone()), 'item-rejected', /Saturated fat is more than/);
    expect(await response.json()).toMatchObject({
      reasons: [{ code: 'saturated-fat-over-fat' }],
      values: { fat: 3, saturatedFat: 5 },
    });
    await expectProblem(plain.post('{"sugars":1e999}'), 'item-rejected', /A value is infinite/);
  });
});

describe('a request', () => {
  it('is refused for a query that nobody knows', async () => {
    for (const query of ['?explain=yes', '?explain=true&explain=true', '?explain', '?foo=1', '?__proto__=1'])
      await expectProblem(plain.post(SPREAD, {}, `/grade${query}`), 'invalid-query');
    const lookup = { grades: { gradings: async () => [] }, jobs: { job: async () => undefined } };
    const { get } = await specially({ ports: { lookup } });
    for (const path of [
      '/grades/1?limit=0',
      '/grades/1?limit=101',
      '/grades/1?limit=x',
      '/grades/1?limit=1&limit=2',
      '/grades/1?page=2',
      '/jobs/0123456789abcdef?x=1',
    ])
      await expectProblem(get(path), 'invalid-query');
  });

  it('is refused at an address that there is not', async () => {
    for (const path of ['/nothing', '/grade/', '/grades/', '/../etc/passwd', `/grades/${'1'.repeat(2401)}`])
      await expectProblem(plain.get(path), 'route-missing');
  });

  it('is refused with another method than the address has, before its body is read', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD']) {
      const response = await plain.get('/grade', { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
    const response = await expectProblem(
      plain.get('/health/live', { method: 'POST', body: 'x' }),
      'method-not-allowed',
      /takes GET, HEAD/,
    );
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('is refused that is no HTTP', async () => {
    const broken = [
      'nonsense\r\n\r\n',
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n',
      'POST /grade HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      'POST /grade HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
      'POST /grade HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n',
    ];
    for (const bytes of broken)
      expect(rawProblem(await plain.raw(bytes)), bytes).toMatchObject({
        code: 'malformed-request',
        status: 400,
      });
    expect((await plain.get('/grades/%zz')).status).toBe(400);
    await expectProblem(plain.get('/grades/%zz'), 'malformed-request');
  });

  it('is refused where a name that is not this machine’s own points here, but for an endpoint with keys', async () => {
    const ask = (host: string): string =>
      `GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    for (const host of ['elsewhere.example', 'localhost.elsewhere.example:8080', '127.0.0.1.nip.io', ''])
      expect(rawProblem(await plain.raw(ask(host))), host).toMatchObject({
        code: 'host-unknown',
        status: 421,
      });
    produced.add('host-unknown');
    for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '[::1]:8080'])
      expect(await plain.raw(ask(host)), host).toMatch(/^HTTP\/1\.1 200 /);
    const { raw } = await specially({ ports: { keys: keyringOf({ shop: [newKey('shop')] }, 60) } });
    expect(await raw(ask('grades.example'))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is refused with more headers than fit', async () => {
    const headers = Array.from({ length: 300 }, (_, index) => `x-${index}: ${'v'.repeat(100)}\r\n`).join('');
    expect(
      rawProblem(await plain.raw(`GET /health/live HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)),
    ).toMatchObject({ code: 'headers-too-large', status: 431 });
    produced.add('headers-too-large');
  });

  it('is refused that comes too slowly, in its headers and in its body', async () => {
    const head =
      'POST /grade HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n';
    const [slowHead, slowBody] = await Promise.all([plain.raw(head), plain.raw(`${head}\r\n{"sug`)]);
    for (const answer of [slowHead, slowBody])
      expect(rawProblem(answer)).toMatchObject({ code: 'request-timeout', status: 408 });
    produced.add('request-timeout');
  });
});

describe('an endpoint', () => {
  it('with keys refuses who has none, or a wrong one', async () => {
    const key = newKey('shop');
    const { post, get } = await specially({ ports: { keys: keyringOf({ shop: [key] }) } });
    for (const headers of [
      {},
      { authorization: 'Basic abc' },
      { authorization: 'Bearer' },
      { 'x-api-key': '' },
    ]) {
      const response = await expectProblem(post(SPREAD, headers as Record<string, string>), 'key-missing');
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="nutrisage"');
    }
    await expectProblem(post(SPREAD, { authorization: `Bearer ${newKey('shop')}` }), 'key-unknown');
    await expectProblem(get('/jobs/0123456789abcdef', { headers: { 'x-api-key': 'guess' } }), 'key-unknown');
    expect((await post(SPREAD, { authorization: `bearer ${key}` })).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('refuses a client that has spent its items, and says when to come back', async () => {
    const key = newKey('shop');
    const { post } = await specially({ ports: { keys: keyringOf({ shop: [key] }, 60) } });
    const headers = { 'x-api-key': key };
    const list = await post(spreads(59), headers);
    expect([list.headers.get('ratelimit-policy'), list.headers.get('ratelimit')]).toEqual([
      '"items";q=60;w=60',
      '"items";r=1;t=59',
    ]);
    expect((await post(SPREAD, headers)).status).toBe(200);
    const response = await expectProblem(post(SPREAD, headers), 'rate-limited');
    expect([response.headers.get('retry-after'), response.headers.get('ratelimit')]).toEqual([
      '1',
      '"items";r=0;t=1',
    ]);
    await expectProblem(post(spreads(200), headers), 'rate-limited');
  });

  it('counts a look-up as an item', async () => {
    const key = newKey('shop');
    const lookup = { grades: { gradings: async () => [] }, jobs: { job: async () => undefined } };
    const { get } = await specially({ ports: { keys: keyringOf({ shop: [key] }, 2), lookup } });
    const headers = { 'x-api-key': key };
    const found = await expectProblem(get('/grades/4006381333931', { headers }), 'code-missing');
    expect(found.headers.get('ratelimit')).toBe('"items";r=1;t=30');
    await expectProblem(get('/jobs/0123456789abcdef', { headers }), 'job-missing');
    await expectProblem(get('/grades/4006381333931', { headers }), 'rate-limited');
    await expectProblem(get('/jobs/0123456789abcdef', { headers }), 'rate-limited');
  });

  it('refuses what it could not answer soon', async () => {
    const { post, get, counted } = await specially({ ports: { isOverloaded: () => true } });
    const response = await expectProblem(post(SPREAD), 'overloaded');
    expect([response.headers.get('retry-after'), response.headers.get('connection')]).toEqual(['1', 'close']);
    expect((await get('/health/live')).status).toBe(200);
    expect(counted).toContain('/grade shed');
  });

  it('without a model is not ready', async () => {
    const model = (): never => {
      throw new ProblemError('not-ready', { headers: { 'retry-after': '1' } });
    };
    const { post, logged } = await specially({ model });
    const response = await expectProblem(post(SPREAD), 'not-ready');
    expect(response.headers.get('retry-after')).toBe('1');
    // A line for each of a thousand requests a second would hide the one that says why.
    expect(logged).toEqual([]);
  });

  it('whose model can not be explained says so', async () => {
    const model = { ...(await servingModel()), explain: undefined };
    const { post } = await specially({ model: () => model });
    await expectProblem(post(SPREAD, {}, '/grade?explain=true'), 'not-explainable');
    expect((await post(SPREAD, {}, '/grade?explain=false')).status).toBe(200);
  });

  it('tells nothing of products and jobs that it does not know', async () => {
    await expectProblem(plain.get('/grades/3017620422003'), 'tables-missing');
    await expectProblem(plain.get('/jobs/0123456789abcdef'), 'tables-missing');
    const lookup = { grades: { gradings: async () => [] }, jobs: { job: async () => undefined } };
    const { get } = await specially({ ports: { lookup } });
    await expectProblem(get('/grades/3017620422003'), 'code-missing');
    await expectProblem(get(`/grades/${'1'.repeat(257)}`), 'code-missing');
    for (const job of ['0123456789abcdef', 'x', '0123456789ABCDEF'])
      await expectProblem(get(`/jobs/${job}`), 'job-missing');
  });

  it('says that its tables do not answer', async () => {
    const fail = async (): Promise<never> => {
      throw new NutrisageError('table-unavailable', 'The table is away.', 'Try again.');
    };
    const { get } = await specially({
      ports: { lookup: { grades: { gradings: fail }, jobs: { job: fail } } },
    });
    await expectProblem(get('/grades/1'), 'tables-unavailable');
    await expectProblem(get('/jobs/0123456789abcdef'), 'tables-unavailable');
  });

  it('says no more of its own defects than that there is one, and logs it with the request’s id', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('secret of the house');
    };
    const { get, logged } = await specially({
      ports: { lookup: { grades: { gradings: fail }, jobs: undefined } },
    });
    const response = await get('/grades/1');
    const text = await response.clone().text();
    await expectProblem(Promise.resolve(response), 'unexpected');
    expect(text).not.toMatch(/secret|stack|\.ts/);
    expect(logged).toEqual([
      expect.objectContaining({
        level: 50,
        requestId: response.headers.get('x-request-id'),
        route: '/grades/:code',
        err: expect.objectContaining({ message: 'secret of the house' }),
      }),
    ]);
  });
});

describe('the table of codes', () => {
  it('has no code that none of the tests above has seen', () => {
    expect([...PROBLEM_CODES].filter((code) => !produced.has(code))).toEqual([]);
  });
});
