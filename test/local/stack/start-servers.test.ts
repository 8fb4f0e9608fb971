import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServers } from '../../../local/stack/start-servers.ts';

const OWNER = fileURLToPath(new URL('./stack-owner.ts', import.meta.url));
const ANY = { port: 0, tablePort: 0 };

describe('starting the servers', () => {
  let directory: string;
  let owner: ChildProcess | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nutrisage-servers-'));
  });
  afterEach(async () => {
    owner?.kill('SIGKILL');
    owner = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  it('names a taken port and the setting that moves it, and leaves nothing behind', async () => {
    const first = await startServers({ directory: join(directory, 'a'), ...ANY });
    const port = Number(new URL(first.endpoint).port);
    const tablePort = Number(new URL(first.tableEndpoint).port);
    const second = join(directory, 'b');
    try {
      await expect(startServers({ directory: second, port, tablePort: 0 })).rejects.toMatchObject({
        message: `Port ${port} of the queue and object server is taken by another program.`,
        remedy: expect.stringContaining('--port or NUTRISAGE_LOCAL_PORT'),
      });
      await expect(startServers({ directory: second, port: 0, tablePort })).rejects.toMatchObject({
        message: `Port ${tablePort} of the table server is taken by another program.`,
        remedy: expect.stringContaining('--table-port'),
      });
      const third = await startServers({ directory: second, ...ANY });
      await third.stop();
    } finally {
      await first.stop();
    }
  });

  it('refuses a directory that a stack of this process owns, and takes it when that one has stopped', async () => {
    const first = await startServers({ directory, ...ANY });
    await expect(startServers({ directory, ...ANY })).rejects.toMatchObject({
      message: `Another stack (process ${process.pid}) runs on ${directory}.`,
      remedy: expect.stringContaining('NUTRISAGE_LOCAL_DIR'),
    });
    await first.stop();
    const second = await startServers({ directory, ...ANY });
    await second.stop();
  });

  it('refuses a directory that another process owns, and takes it when that one was killed', async () => {
    owner = fork(OWNER, [directory], { execArgv: [] });
    await once(owner, 'message');
    await expect(startServers({ directory, ...ANY })).rejects.toMatchObject({
      message: `Another stack (process ${owner.pid}) runs on ${directory}.`,
    });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const heir = await startServers({ directory, ...ANY });
    await heir.stop();
  });
});
