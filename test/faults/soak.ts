/**
 * `npm run soak -- --minutes 30 --seed 1`: worker processes at full load for as long as is wished, with faults between
 * them and the services. Each job must leave what the first one left, byte for byte; memory and descriptors must not
 * grow, and no process may end. A line of JSON tells each minute; the exit code is 1 when anything was wrong.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createDynamoDbLedger } from '../../worker/adapters/dynamodb-ledger.ts';
import { createS3ObjectStore } from '../../worker/adapters/s3-object-store.ts';
import { SUBMITTED_AT } from '../support/records.ts';
import { smallCatalogue } from './catalogue.ts';
import { faultFor } from './fault-plan.ts';
import { openGround } from './ground.ts';
import { type RealWorker, startRealWorker } from './real-worker.ts';
import { redriveAll } from './run-plan.ts';
import { makeSite, sendAll } from './site.ts';
import { type Sample, verdictOf } from './soak-verdict.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const workers = Number(values.workers);

const ROWS = 6000;
const ROW_GROUP_ROWS = 1000;
const JOBS_AT_ONCE = 3;
const FAULT_PROBABILITY = 0.02;
const SAMPLE_MS = 5000;
const LOOK_MS = 250;
const MINUTE_MS = 60_000;
/** A job that takes longer is stuck: many visibility timeouts, and several looks for jobs that stand still. */
const JOB_MS_MAX = 300_000;
const INPUT_KEY = 'uploads/soak.parquet';

const ground = await openGround();
const { clients, stack } = ground;
const site = await makeSite(clients, stack.servers.endpoint, 'soak', {
  visibilitySeconds: 10,
  receivesMax: 8,
});
const store = createS3ObjectStore(clients.s3);
const ledger = createDynamoDbLedger(clients.tables, site.jobsTable);
const complaints: string[] = [];
const samples: Sample[] = [];
let faults = 0;
let jobs = 0;
let redriven = 0;

await clients.s3.send(
  new PutObjectCommand({
    Bucket: site.dataBucket,
    Key: INPUT_KEY,
    Body: smallCatalogue({ rows: ROWS, rowGroupRows: ROW_GROUP_ROWS, seed }),
  }),
);
const input = await store.head(site.dataBucket, INPUT_KEY);
const crew = await Promise.all(Array.from({ length: workers }, (_, worker) => startWorker(worker)));

const until = Date.now() + minutes * MINUTE_MS;
const sampling = setInterval(() => samples.push(takeSample()), SAMPLE_MS);
const telling = setInterval(() => tell(), MINUTE_MS);
let reference: string | undefined;
await Promise.all(Array.from({ length: JOBS_AT_ONCE }, () => keepSubmitting()));
clearInterval(sampling);
clearInterval(telling);
for (const worker of crew) await worker.stop();
await ground.close();
tell();
const verdict = verdictOf(samples);
complaints.push(...verdict.complaints, ...crew.flatMap(({ ends }) => ends));
print({ minutes, seed, workers, jobs, rows: jobs * ROWS, faults, redriven, ...verdict, complaints });
process.exit(complaints.length === 0 ? 0 : 1);

function startWorker(worker: number): Promise<RealWorker> {
  return startRealWorker({
    ground,
    site,
    environment: { [ENVIRONMENT.shardRows]: String(ROW_GROUP_ROWS) },
    proxy: {
      faultFor(operation, number) {
        const fault = faultFor({ seed, probability: FAULT_PROBABILITY }, worker, operation.name, number);
        if (fault !== undefined) faults += 1;
        return fault;
      },
    },
  });
}

async function keepSubmitting(): Promise<void> {
  while (Date.now() < until) {
    jobs += 1;
    const job = (seed * 1_000_000 + jobs).toString(16).padStart(16, '0');
    const message = { kind: 'submission', version: 1, job, submittedAt: SUBMITTED_AT, inputs: [input] };
    await sendAll(clients, site, [JSON.stringify(message)]);
    const state = await endOf(job);
    if (state !== 'succeeded') complaints.push(`job ${job} is ${state ?? 'stuck'}`);
    const left = await takeOutputs(job);
    reference ??= left;
    if (left !== reference) complaints.push(`job ${job} left other bytes than the first job: ${left}`);
  }
}

/** What was given up because of the faults is sent back, as an operator would. */
async function endOf(job: string): Promise<string | undefined> {
  const giveUpAt = Date.now() + JOB_MS_MAX;
  while (Date.now() < giveUpAt) {
    await pause(LOOK_MS);
    const record = await ledger.job(job);
    if (record?.closedAt === undefined) continue;
    if (record.state === 'succeeded') {
      const isExact = record.rowsFinished === ROWS && record.finished === record.shards;
      if (!isExact)
        complaints.push(`job ${job} counts ${record.rowsFinished} rows, ${record.finished} shards`);
      return record.state;
    }
    redriven += await redriveAll(ground, site);
  }
  return undefined;
}

/** A hash over the parts of a job, which are deleted: the disk of a long run is bounded too. */
async function takeOutputs(job: string): Promise<string> {
  const hash = createHash('sha256');
  let parts = 0;
  for (const dataset of ['grades', 'rejects']) {
    const Prefix = `${dataset}/date=${SUBMITTED_AT.slice(0, 10)}/job=${job}/`;
    const { Contents = [] } = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: site.dataBucket, Prefix }),
    );
    for (const { Key = '' } of Contents) {
      const object = await clients.s3.send(new GetObjectCommand({ Bucket: site.dataBucket, Key }));
      hash.update(Key.replace(job, 'job')).update((await object.Body?.transformToByteArray()) ?? '');
      parts += 1;
      await clients.s3.send(new DeleteObjectCommand({ Bucket: site.dataBucket, Key }));
    }
  }
  return `${parts} parts, ${hash.digest('hex')}`;
}

function takeSample(): Sample {
  const processes = crew.flatMap(({ fleet }) => [...fleet.pids]).map(processOf);
  return {
    residentBytes: processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    descriptors: processes.reduce((sum, { descriptors }) => sum + descriptors, 0),
  };
}

/** Linux alone tells it. Nothing of a process that has just ended, which is complained of in the end. */
function processOf(pid: number): Sample {
  try {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return { residentBytes: Number(kilobytes) * 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return { residentBytes: 0, descriptors: 0 };
  }
}

function tell(): void {
  const { residentBytes, descriptors } = samples.at(-1) ?? { residentBytes: 0, descriptors: 0 };
  const deaths = crew.flatMap(({ ends }) => ends).length;
  print({
    jobs,
    faults,
    redriven,
    deaths,
    residentMiB: Math.round(residentBytes / 2 ** 20),
    descriptors,
    complaints,
  });
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
