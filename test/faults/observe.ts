/**
 * What a run has left behind, without what may differ between two runs of the same work: who did it, when, and how
 * often it was tried. Two runs are equal when their observations are.
 */
import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import type { TestClients } from '../support/clients.ts';
import type { Site } from './site.ts';

export interface Observation {
  /** SHA-256 of each object's bytes, by key; of a summary and its page, what does not tell the time. */
  readonly objects: Readonly<Record<string, string>>;
  /** The grades table, item by item. */
  readonly items: readonly string[];
  readonly ledger: readonly string[];
}

export async function observe(clients: TestClients, site: Site): Promise<Observation> {
  const records = await scan(clients, site.jobsTable);
  return {
    objects: await objectsOf(clients, site.dataBucket),
    items: (await scan(clients, site.gradesTable)).map(stableText).sort(),
    ledger: records
      .filter(({ sk }) => sk !== 'LEASE')
      .map((record) => stableText(lasting(record)))
      .sort(),
  };
}

export async function jobsOf(clients: TestClients, site: Site): Promise<JobRecord[]> {
  const records = await scan(clients, site.jobsTable);
  return records.filter(({ sk }) => sk === 'JOB').map((record) => record as unknown as JobRecord);
}

export async function shardsOf(clients: TestClients, site: Site): Promise<ShardRecord[]> {
  const records = await scan(clients, site.jobsTable);
  return records
    .filter(({ sk }) => String(sk).startsWith('SHARD#'))
    .map((record) => record as unknown as ShardRecord);
}

async function scan({ tables }: TestClients, table: string): Promise<Record<string, unknown>[]> {
  const { Items = [], LastEvaluatedKey } = await tables.send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  );
  if (LastEvaluatedKey !== undefined) throw new Error(`${table} is too large for one look.`);
  return Items.map((item) => unmarshall(item));
}

async function objectsOf({ s3 }: TestClients, bucket: string): Promise<Record<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const found: Record<string, string> = {};
  for (const { Key = '' } of Contents) {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    found[Key] = fingerprint(Key, bytes);
  }
  return found;
}

function fingerprint(key: string, bytes: Uint8Array): string {
  const text = (): string => new TextDecoder().decode(bytes);
  if (key.endsWith('/report.html')) return text().includes('</html>') ? 'a whole page' : 'half a page';
  if (!key.endsWith('/summary.json')) return createHash('sha256').update(bytes).digest('hex');
  const { finishedAt, seconds, rowsPerSecond, stepSeconds, ...rest } = JSON.parse(text());
  return stableText(rest);
}

/** Of a ledger record. */
function lasting(record: Record<string, unknown>): Record<string, unknown> {
  const { closedAt, sentAt, revision, correlation, attempt, worker, at, seconds, redrive, ...rest } = record;
  return rest;
}

/** JSON with sorted names, so that equal values are equal texts. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}
