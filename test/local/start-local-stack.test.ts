import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startServers } from '../../local/stack/start-servers.ts';
import { LOCAL_STACK_FILE } from '../../schemas/local-stack.ts';
import { startTestStack } from '../support/stack.ts';

const entry = fileURLToPath(new URL('./fleet/scripted-worker.ts', import.meta.url));

it('starts workers beside the servers, and a stack that fails to start leaves neither them nor its file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'nutrisage-whole-'));
  const worker = (SCRIPT: string) => ({ directory, workers: 1, entry, workerEnvironment: { SCRIPT } });
  try {
    const stack = await startTestStack(worker('serve'));
    const written = JSON.parse(await readFile(join(directory, LOCAL_STACK_FILE), 'utf8'));
    expect(written).toMatchObject({ pid: process.pid, environment: stack.environment });
    expect(stack.fleet?.pids).toHaveLength(1);
    await stack.stop();
    expect(await readdir(directory)).not.toContain(LOCAL_STACK_FILE);

    await writeFile(join(directory, LOCAL_STACK_FILE), 'left by a stack that was killed');
    await expect(startTestStack(worker('die at start'))).rejects.toThrow('the queue URL is not set');
    expect(await readdir(directory)).not.toContain(LOCAL_STACK_FILE);
    const heir = await startServers({ directory, port: 0, tablePort: 0 });
    await heir.stop();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
