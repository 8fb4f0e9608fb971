import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Servers, startServers } from '../../local/stack/start-servers.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createClients } from '../support/clients.ts';
import { writeHollowModel } from '../support/hollow-model.ts';

const MAIN = fileURLToPath(new URL('../../local/provision-main.ts', import.meta.url));
const VERSION = '2'.repeat(16);

let folder: string;
let servers: Servers;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-provision-'));
  servers = await startServers({ directory: join(folder, 'stack'), port: 0, tablePort: 0 });
  await writeHollowModel(join(folder, 'model'), VERSION);
});
afterEach(async () => {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
});

const provision = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [MAIN, ...args], { env: { ...process.env, ...servers.environment } });

it('makes buckets, tables and the model on the servers that the environment names, twice without harm', async () => {
  const first = await provision('--model', join(folder, 'model'));
  expect(first.stdout).toContain(`Buckets ${RESOURCES.dataBucket}, ${RESOURCES.modelBucket}`);
  await provision('--model', join(folder, 'model'));
  const { tables, s3, destroy } = createClients(servers);
  const { TableNames } = await tables.send(new ListTablesCommand({}));
  expect(TableNames).toEqual([RESOURCES.gradesTable, RESOURCES.jobsTable]);
  const pointer = { Bucket: RESOURCES.modelBucket, Key: 'models/current.json' };
  const { Body } = await s3.send(new GetObjectCommand(pointer));
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ version: VERSION });
  destroy();
});

it('says in one line what is missing', async () => {
  await expect(provision('--model', join(folder, 'none'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no model in .*\n$/),
  });
});
