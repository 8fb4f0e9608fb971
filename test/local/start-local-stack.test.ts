import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startServers } from '../../local/stack/start-servers.ts';
import { LOCAL_STACK_FILE } from '../../schemas/local-stack.ts';
import { startTestStack } from '../support/stack.ts';

const entry = fileURLToPath(new URL('./fleet/scripted-worker.ts', import.meta.url));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nutrisage-whole-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const worker = (SCRIPT: string) => ({ directory, workers: 1, entry, workerEnvironment: { SCRIPT } });

async function expectNothingLeft(): Promise<void> {
  expect(await readdir(directory)).not.toContain(LOCAL_STACK_FILE);
  const heir = await startServers({ directory, port: 0, tablePort: 0 });
  await heir.stop();
}

it('starts workers beside the servers, and a stack that fails to start leaves neither them nor its file', async () => {
  const stack = await startTestStack(worker('serve'));
  const written = JSON.parse(await readFile(join(directory, LOCAL_STACK_FILE), 'utf8'));
  expect(written).toMatchObject({ pid: process.pid, environment: stack.environment });
  expect(stack.fleet?.pids).toHaveLength(1);
  await stack.stop();
  expect(await readdir(directory)).not.toContain(LOCAL_STACK_FILE);

  await writeFile(join(directory, LOCAL_STACK_FILE), 'left by a stack that was killed');
  await expect(startTestStack(worker('die at start'))).rejects.toThrow('the queue URL is not set');
  await expectNothingLeft();
});

it('stops its workers when the endpoint does not start', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const endpointPort = (other.address() as AddressInfo).port;
  try {
    await expect(startTestStack({ ...worker('serve'), endpointPort })).rejects.toThrow('endpoint (process');
    expect(await readFile(join(directory, 'logs', 'worker-1.log'), 'utf8')).toBe('stopping in order\n');
    await expectNothingLeft();
  } finally {
    other.close();
  }
});

it('stops its workers when it can not say where it is', async () => {
  await mkdir(join(directory, `${LOCAL_STACK_FILE}.new`));
  await expect(startTestStack(worker('serve'))).rejects.toThrow('EISDIR');
  expect(await readFile(join(directory, 'logs', 'worker-1.log'), 'utf8')).toBe('stopping in order\n');
  await expectNothingLeft();
});
