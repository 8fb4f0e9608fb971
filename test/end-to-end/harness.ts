/** What the end-to-end tests do to a stack: drop files, run the CLI, wait for jobs, read what came out. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'vitest';
import { withDuckDb } from '../../local/demo/duckdb.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createClients, type TestClients } from '../support/clients.ts';
import { startTestStack, type TestStack, type TestStackOptions } from '../support/stack.ts';
import { writeTinyModel } from '../support/tiny-model.ts';

const BIN = fileURLToPath(new URL('../../producer/bin/nutrisage.mjs', import.meta.url));
export const SHIPPED_MODEL = fileURLToPath(new URL('../../fixtures/model', import.meta.url));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Desk {
  readonly stack: TestStack;
  readonly clients: TestClients;
  /** A folder for files, gone with the desk. */
  readonly folder: string;
  nutrisage(...args: readonly string[]): Promise<CommandResult>;
  drop(key: string, bytes: Uint8Array): Promise<void>;
  /** Records of all jobs. */
  jobs(): Promise<JobRecord[]>;
  /** The job whose input has this key, once it is closed. */
  closedJob(key: string, timeoutMs?: number): Promise<JobRecord>;
  /** Every object below a prefix of the data bucket, with a hash of its bytes. */
  fingerprints(prefix: string): Promise<Record<string, string>>;
  /** Messages that wait, are taken, or lie in the dead-letter queue. */
  depths(): Promise<{ readonly waiting: number; readonly taken: number; readonly dead: number }>;
  /** Rows of a query over the datasets; `{grades}` and `{rejects}` stand for all files of each. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Options as of the stack; by default one worker and the model of five stumps. */
export async function openDesk(options: TestStackOptions = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-desk-'));
  const modelFolder = options.modelFolder ?? join(folder, 'model');
  if (options.modelFolder === undefined) await writeTinyModel(modelFolder);
  const stack = await startTestStack({ workers: 1, ...options, modelFolder });
  const clients = createClients(stack.servers);

  const jobs = async (): Promise<JobRecord[]> => {
    const { Items } = await clients.tables.send(
      new QueryCommand({
        TableName: RESOURCES.jobsTable,
        IndexName: RESOURCES.jobsByTimeIndex,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: marshall({ ':kind': 'JOB' }),
      }),
    );
    return (Items ?? []).map((item) => unmarshall(item) as JobRecord);
  };
  return {
    stack,
    clients,
    folder,
    jobs,
    nutrisage: (...args) => runCommand(args, stack.environment),
    async drop(key, bytes) {
      await clients.s3.send(new PutObjectCommand({ Bucket: RESOURCES.dataBucket, Key: key, Body: bytes }));
    },
    async closedJob(key, timeoutMs = 60_000) {
      const closed = async (): Promise<JobRecord | undefined> =>
        (await jobs()).find((job) => job.inputs[0]?.key === key && job.closedAt !== undefined);
      await expect.poll(closed, { timeout: timeoutMs, interval: 100 }).toBeDefined();
      const job = await closed();
      if (job === undefined) throw new Error(`The job of ${key} opened again.`);
      return job;
    },
    async fingerprints(prefix) {
      const found: Record<string, string> = {};
      const listed = await clients.s3.send(
        new ListObjectsV2Command({ Bucket: RESOURCES.dataBucket, Prefix: prefix }),
      );
      for (const { Key } of listed.Contents ?? []) {
        const object = await clients.s3.send(new GetObjectCommand({ Bucket: RESOURCES.dataBucket, Key }));
        const bytes = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
        found[Key ?? ''] = createHash('sha256').update(bytes).digest('hex');
      }
      return found;
    },
    async depths() {
      const { waiting, inFlight, dead } = await stack.queue.depths();
      return { waiting, taken: inFlight, dead };
    },
    query: (sql) => queryDatasets(stack, sql),
    async close() {
      clients.destroy();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function queryDatasets(stack: TestStack, sql: string): Promise<Record<string, unknown>[]> {
  const objects = join(stack.directory, 'objects', 'buckets', RESOURCES.dataBucket, 'objects');
  const dataset = (name: string) =>
    `read_parquet('${join(objects, name)}/**/*.data', hive_partitioning = true)`;
  const filled = sql.replaceAll('{grades}', dataset('grades')).replaceAll('{rejects}', dataset('rejects'));
  return withDuckDb(async (connection) => (await connection.runAndReadAll(filled)).getRowObjectsJson());
}

export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [BIN, ...args],
      { env: { ...process.env, ...environment }, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code ?? 1);
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Lines of the workers' logs, parsed. */
export function logLines(desk: Desk): Record<string, unknown>[] {
  const files = desk.stack.fleet?.logFiles ?? [];
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
