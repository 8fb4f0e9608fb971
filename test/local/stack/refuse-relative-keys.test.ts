import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** As a client sends it that does not tidy paths up, as SDKs and browsers do. */
function ask(method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(stack.servers.endpoint);
  const headers = { range: 'bytes=0-9', 'content-length': method === 'PUT' ? '3' : '0' };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(method === 'PUT' ? 'abc' : undefined);
  });
}

describe('a key that leads out of its bucket', () => {
  it.each([
    `${RESOURCES.dataBucket}/../../outside`,
    `${RESOURCES.dataBucket}/..%2f..%2foutside`,
    `${RESOURCES.dataBucket}/grades/%2e%2e/%2e%2e/outside`,
    `${RESOURCES.dataBucket}/..%5c..%5coutside`,
    `${RESOURCES.dataBucket}/a%00b`,
    '..%2foutside/x',
  ])('%s is neither written nor read', async (path) => {
    const before = readdirSync(join(stack.directory, 'objects', 'buckets')).sort();
    for (const method of ['PUT', 'GET'])
      expect(await ask(method, `/${path}`), method).toBeGreaterThanOrEqual(400);
    expect(readdirSync(join(stack.directory, 'objects', 'buckets')).sort()).toEqual(before);
    expect(readdirSync(stack.directory).filter((name) => name.includes('outside'))).toEqual([]);
  });

  it.each(['a..b', '...', 'ä/%25/ü', 'a%0Ab'])(
    'is not %s, which has dots or odd letters alone',
    async (name) => {
      expect(await ask('PUT', `/${RESOURCES.dataBucket}/odd/${encodeURI(name)}`)).toBe(200);
    },
  );
});
