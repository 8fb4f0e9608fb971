import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const MAIN = fileURLToPath(new URL('../../worker/main.ts', import.meta.url));

let server: Server | undefined;
let child: ChildProcess | undefined;
let redis: TestRedis | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  await redis?.close();
  redis = undefined;
  server?.closeAllConnections();
  server?.close();
});

type Changes = Readonly<Record<string, string>>;

/** A worker whose services take every call and answer none, and their first call. */
async function startWorker(changes: Changes = {}) {
  const called = Promise.withResolvers<void>();
  server = createServer(() => called.resolve()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    PATH: process.env['PATH'] ?? '',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    [ENVIRONMENT.jobsQueueUrl]: `${endpoint}/jobs`,
    [ENVIRONMENT.deadLetterQueueUrl]: `${endpoint}/dead`,
    [ENVIRONMENT.dataBucket]: 'data',
    [ENVIRONMENT.modelBucket]: 'models',
    [ENVIRONMENT.jobsTable]: 'jobs',
    [ENVIRONMENT.threads]: '1',
    ...changes,
  };
  const worker = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  child = worker;
  return { worker, called: called.promise };
}

describe('a worker that is told to stop while it starts', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal) => {
    const { worker, called } = await startWorker();
    await called;
    const exit = once(worker, 'exit');
    worker.kill(signal);
    expect(await exit).toEqual([0, null]);
  });

  it('exits with 0 while it waits for a Redis that is not there', async () => {
    const away = { [ENVIRONMENT.queue]: 'bullmq', [ENVIRONMENT.redisUrl]: 'redis://127.0.0.1:1' };
    const { worker } = await startWorker(away);
    // It says that it waits.
    await once(worker.stdout, 'data');
    const exit = once(worker, 'exit');
    worker.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});

describe('a worker whose Redis may throw messages away', () => {
  it('is refused at its start, with the policy and the remedy', async () => {
    redis = await startTestRedis({ maxmemoryPolicy: 'allkeys-lru' });
    const changes = { [ENVIRONMENT.queue]: 'bullmq', [ENVIRONMENT.redisUrl]: redis.url };
    const { worker } = await startWorker(changes);
    const [said, exit] = await Promise.all([text(worker.stderr), once(worker, 'exit')]);
    expect(exit).toEqual([2, null]);
    expect(said).toContain(`REDIS_URL is ${redis.url}: its maxmemory-policy is allkeys-lru`);
    expect(said).toContain('set maxmemory-policy noeviction');
  });
});
