/** The endpoint’s program, as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../../schemas/names.ts';

const MAIN = fileURLToPath(new URL('../../../worker/endpoint-main.ts', import.meta.url));

/** A store that has nothing, so that there is no model. */
let store: Server;
let storeUrl: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  store = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(store, 'listening');
  storeUrl = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
});
afterEach(() => {
  child?.kill('SIGKILL');
  store.closeAllConnections();
  store.close();
});

function start(environment: Readonly<Record<string, string>>) {
  // With a channel, as who keeps it alive starts it.
  const started = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: storeUrl,
      AWS_ENDPOINT_URL_S3: storeUrl,
      [ENVIRONMENT.modelBucket]: 'models',
      [ENVIRONMENT.endpointPort]: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child = started;
  const { stdout, stderr } = started;
  if (stdout === null || stderr === null) throw new Error('Both are pipes.');
  return { started, stdout, stderr, exit: once(started, 'exit') };
}

describe('the endpoint’s program', () => {
  it('listens without a model, says that it is not ready, and exits with 0 when told to stop', async () => {
    const { started, stdout, exit } = start({});
    let address = '';
    for await (const line of stdout.iterator({ destroyOnReturn: false })) {
      address = /endpoint listens on (http:[^"]*)/.exec(String(line))?.[1] ?? '';
      if (address !== '') break;
    }
    const ready = await fetch(`${address}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'not ready' });
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    stdout.resume();
    started.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('names every fault of its configuration at once, and exits with 2', async () => {
    const { stderr, exit } = start({
      [ENVIRONMENT.modelBucket]: '',
      [ENVIRONMENT.endpointHost]: '0.0.0.0',
      [ENVIRONMENT.endpointPort]: '99999',
    });
    const [said, [code]] = await Promise.all([text(stderr), exit]);
    expect(code).toBe(2);
    expect(said).toContain('3 fault(s)');
    for (const name of [ENVIRONMENT.modelBucket, ENVIRONMENT.apiKeys, ENVIRONMENT.endpointPort])
      expect(said).toContain(name);
  });

  it('says so where its port is taken', async () => {
    const { stdout, stderr, exit } = start({ [ENVIRONMENT.endpointPort]: new URL(storeUrl).port });
    stdout.resume();
    const [said, [code]] = await Promise.all([text(stderr), exit]);
    expect(code).toBe(2);
    expect(said).toMatch(/can not be listened on \(.*EADDRINUSE/);
  });
});

describe('docs/endpoint.md', () => {
  const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

  it('tells of every variable that the endpoint reads', () => {
    const sources = ['worker/endpoint/config.ts', 'worker/program-settings.ts'].map(read).join('\n');
    const used = [...sources.matchAll(/ENVIRONMENT\.(\w+)/g)].map(
      ([, key]) => key as keyof typeof ENVIRONMENT,
    );
    expect(used.length).toBeGreaterThan(15);
    const page = read('docs/endpoint.md');
    for (const key of new Set(used)) expect(page).toContain(`\`${ENVIRONMENT[key]}\``);
  });

  it('gives the defaults that there are', () => {
    const page = read('docs/endpoint.md');
    const numbers = read('worker/endpoint/config.ts').matchAll(/name: ENVIRONMENT\.(\w+), fallback: (\d+),/g);
    let count = 0;
    for (const [, key, fallback] of numbers) {
      const name = ENVIRONMENT[key as keyof typeof ENVIRONMENT];
      expect(page, name).toContain(`| \`${name}\` | ${fallback} |`);
      count += 1;
    }
    expect(count).toBeGreaterThan(5);
  });
});
