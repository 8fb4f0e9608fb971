import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type Client = typeof import('../../../../worker/endpoint/page/browser/grade-client.ts');

describe('what the page asks', () => {
  let client: Client;
  let asked: string[];
  /** Answers of `/health/ready`, in turn; undefined where nobody answers. */
  let readiness: (object | undefined)[];
  beforeEach(async () => {
    vi.resetModules();
    client = await import('../../../../worker/endpoint/page/browser/grade-client.ts');
    asked = [];
    readiness = [];
    vi.stubGlobal('fetch', async (path: string) => {
      asked.push(path);
      const body = path === '/health/ready' ? readiness.shift() : {};
      if (body === undefined) throw new TypeError('fetch failed');
      return Response.json(body);
    });
  });
  afterEach(() => void vi.unstubAllGlobals());
  const { signal } = new AbortController();

  it('asks once whether the model is explained', async () => {
    readiness = [{ status: 'ready', explains: true }];
    await client.gradeItem({}, signal);
    await client.gradeItem({}, signal);
    expect(asked).toEqual(['/health/ready', '/grade?explain=true', '/grade?explain=true']);
  });

  it('asks again where the endpoint was away, or had no model yet', async () => {
    readiness = [undefined, { status: 'not ready' }, { status: 'ready', explains: true }];
    await expect(client.gradeItem({}, signal)).rejects.toThrow('fetch failed');
    await client.gradeItem({}, signal);
    await client.gradeItem({}, signal);
    expect(asked.filter((path) => path !== '/health/ready')).toEqual(['/grade', '/grade?explain=true']);
  });
});
