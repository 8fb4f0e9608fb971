import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../schemas/names.ts';

const MAIN = fileURLToPath(new URL('../../worker/main.ts', import.meta.url));

let server: Server | undefined;
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  server?.close();
});

/** A worker whose services take every call and answer none; resolves at its first call. */
async function startAndWaitForCall(): Promise<ChildProcess> {
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
  };
  child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  await called.promise;
  return child;
}

describe('a worker that is told to stop while it starts', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal) => {
    const starting = await startAndWaitForCall();
    const exit = once(starting, 'exit');
    starting.kill(signal);
    expect(await exit).toEqual([0, null]);
  });
});
