import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SubmissionMessage } from '../../schemas/messages.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runCli } from './cli.ts';
import { CLOSED, createWorkerHand, jobRecord, jobSummary, type WorkerHand } from './records.ts';

const submission = createParser('submission message', SubmissionMessage);
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

let stack: TestStack;
let worker: WorkerHand;
let s3: S3Client;
let sqs: SQSClient;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  worker = createWorkerHand(stack.environment);
  const endpoint = stack.servers.endpoint;
  s3 = new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, forcePathStyle: true });
  sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials: CREDENTIALS });
});
afterAll(() => stack.stop());
beforeEach(async () => {
  // S3's own test event lies there first.
  await sqs.send(new PurgeQueueCommand({ QueueUrl: stack.environment[ENVIRONMENT.jobsQueueUrl] }));
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-submit-'));
  return () => rm(folder, { recursive: true, force: true });
});

/** Bytes that begin and end as Parquet does: the command looks no further. */
function parquetBytes(content: string, size = 64): Buffer {
  const bytes = Buffer.alloc(size, content);
  bytes.write('PAR1', 0);
  bytes.write('PAR1', size - 4);
  return bytes;
}

async function parquetFile(name: string, content: string, size?: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, parquetBytes(content, size));
  return path;
}

const nutrisage = (...args: string[]) =>
  runCli(args, { environment: stack.environment, workingDirectory: folder });

async function submitted(...args: string[]) {
  const outcome = await nutrisage('submit', ...args, '--json');
  expect(outcome.stderr).toBe('');
  return JSON.parse(outcome.stdout) as {
    job: string;
    state: string;
    alreadySubmitted: boolean;
    uploads: number;
    inputs: { bucket: string; key: string; etag: string; size: number }[];
  };
}

/** Takes the next message off the jobs queue; `undefined` when it is empty. */
async function nextMessage(): Promise<SubmissionMessage | undefined> {
  const QueueUrl = stack.environment[ENVIRONMENT.jobsQueueUrl];
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 3600 }));
  const body = Messages?.[0]?.Body;
  return body === undefined ? undefined : submission.parse(JSON.parse(body));
}

describe('nutrisage submit', () => {
  it('uploads a file under the hash of its content and asks for its job', async () => {
    const path = await parquetFile('products.parquet', 'one');
    const { job, inputs, uploads, state } = await submitted(path);
    const sha256 = createHash('sha256').update(parquetBytes('one')).digest('hex');
    expect({ uploads, state }).toEqual({ uploads: 1, state: 'queued' });
    expect(inputs.map(({ key }) => key)).toEqual([`uploads/${sha256}/products.parquet`]);
    const message = await nextMessage();
    expect(message).toMatchObject({ kind: 'submission', job, inputs });
    const { ETag } = await s3.send(
      new HeadObjectCommand({ Bucket: RESOURCES.dataBucket, Key: inputs[0]?.key }),
    );
    expect(ETag).toBe(`"${inputs[0]?.etag}"`);
  });

  it('takes the same file submitted again for the same job, and neither uploads nor sends', async () => {
    const path = await parquetFile('products.parquet', 'two');
    const first = await submitted(path);
    await nextMessage();
    await worker.putJobs(jobRecord(first.job));
    const second = await submitted(path);
    expect(second).toMatchObject({ job: first.job, uploads: 0, alreadySubmitted: true, state: 'running' });
    expect(await nextMessage()).toBeUndefined();
  });

  it('sends again while the job is still being planned, since the worker that had it may be dead', async () => {
    const path = await parquetFile('products.parquet', 'three');
    const { job } = await submitted(path);
    await nextMessage();
    const { files: _, rows: __, shards: ___, ...unplanned } = jobRecord(job, { state: 'planning' });
    await worker.putJobs(unplanned);
    await submitted(path);
    expect(await nextMessage()).toMatchObject({ job });
  });

  it('makes another job of the same file with --again', async () => {
    const path = await parquetFile('products.parquet', 'four');
    const first = await submitted(path);
    const again = await submitted(path, '--again', '1');
    expect(again.job).not.toBe(first.job);
    expect(again.uploads).toBe(0);
  });

  it('gives a file above one part the same ETag whoever asks, and sends it in parts', async () => {
    const path = await parquetFile('large.parquet', 'large', 9 * 1024 * 1024);
    const { inputs, uploads } = await submitted(path);
    expect(uploads).toBe(1);
    expect(inputs[0]).toMatchObject({ size: 9 * 1024 * 1024, etag: expect.stringMatching(/-2$/) });
    expect((await submitted(path)).inputs).toEqual(inputs);
  });

  it('takes all Parquet files below a folder, in the order of their paths, without hidden ones', async () => {
    for (const name of [
      'b.parquet',
      'a/z.parquet',
      'c.PQ',
      '_temporary/x.parquet',
      '.y.parquet',
      'note.txt',
    ]) {
      await parquetFile(name, name);
    }
    const { inputs } = await submitted(folder);
    expect(inputs.map(({ key }) => key.split('/').at(-1))).toEqual(['z.parquet', 'b.parquet', 'c.PQ']);
  });

  it('takes objects and prefixes of the store without uploading them, and each once', async () => {
    await worker.putObject('shop/2026/a.parquet', parquetBytes('a'));
    await worker.putObject('shop/2026/b.parquet', parquetBytes('b'));
    await worker.putObject('shop/2026/_SUCCESS', 'ok');
    const prefix = `s3://${RESOURCES.dataBucket}/shop/`;
    const { inputs, uploads } = await submitted(`${prefix}2026/b.parquet`, prefix);
    expect(uploads).toBe(0);
    expect(inputs.map(({ key }) => key)).toEqual(['shop/2026/b.parquet', 'shop/2026/a.parquet']);
    expect((await nextMessage())?.inputs).toEqual(inputs);
  });

  it('carries the mapping in the message, and a job with another mapping is another job', async () => {
    const path = await parquetFile('shop.parquet', 'mapped');
    const plain = await submitted(path);
    await nextMessage();
    const mapping = { columns: { code: 'ean', sugars_100g: { column: 'sugar', unit: 'mg' } } };
    const mappingPath = join(folder, 'columns.json');
    await writeFile(mappingPath, JSON.stringify(mapping));
    const mapped = await submitted(path, '--mapping', mappingPath);
    expect(mapped.job).not.toBe(plain.job);
    expect((await nextMessage())?.mapping).toEqual(mapping);
  });

  it('keeps names with blanks and letters beyond ASCII', async () => {
    const path = await parquetFile('crème brûlée +1.parquet', 'five');
    const { inputs } = await submitted(path);
    expect(inputs[0]?.key).toMatch(/\/crème brûlée \+1\.parquet$/);
    const listed = await s3.send(
      new ListObjectsV2Command({ Bucket: RESOURCES.dataBucket, Prefix: inputs[0]?.key ?? '' }),
    );
    expect(listed.KeyCount).toBe(1);
  });

  it('says how to follow the job', async () => {
    const { exitCode, stdout } = await nutrisage('submit', await parquetFile('p.parquet', 'six'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Job [0-9a-f]{16} submitted \(1 file, 64 bytes, 1 uploaded\)\.\nFollow it: nutrisage status /,
    );
  });

  it('says of a job that failed how to try it again', async () => {
    const path = await parquetFile('p.parquet', 'seven');
    const { job } = await submitted(path);
    await nextMessage();
    await worker.putJobs(jobRecord(job, { ...CLOSED, state: 'failed' }));
    const { stdout } = await nutrisage('submit', path);
    expect(stdout).toContain(`nutrisage dlq redrive ${job}`);
    expect(stdout).toContain('--again 1');
  });
});

describe('nutrisage submit --wait', () => {
  /** Lets a job end once the command has shown its progress; with `--json`, which shows none, before it begins. */
  async function waitedFor(state: 'succeeded' | 'partly failed' | 'failed', ...flags: string[]) {
    const path = await parquetFile('p.parquet', `waited ${state} ${flags.join()}`);
    const { job } = await submitted(path);
    await nextMessage();
    await worker.putJobs(jobRecord(job));
    await worker.putOutputs(jobSummary(job, { state }));
    const ended = jobRecord(job, { ...CLOSED, state });
    const end = () => worker.putJobs(ended);
    if (flags.includes('--json')) await end();
    const outcome = await runCli(['submit', path, '--wait', ...flags], {
      environment: stack.environment,
      workingDirectory: folder,
      onStderr: (text) => text.includes(' rows') && void end(),
    });
    return { job, ...outcome };
  }

  it('shows the progress on stderr and ends with the summary on stdout', async () => {
    const { job, exitCode, stdout, stderr } = await waitedFor('succeeded');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('1,000 of 2,000 rows (50.0 %), 12 rejected');
    expect(stdout).toContain(`Job ${job} succeeded: 2,000 rows in 1 min 05 s`);
  });

  it('ends with 1 when the job failed in part', async () => {
    expect((await waitedFor('partly failed')).exitCode).toBe(1);
  });

  it('prints one document and nothing else with --json', async () => {
    const { job, stdout, stderr } = await waitedFor('failed', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ job, state: 'failed', summary: { counts: { rows: 2000 } } });
  });

  it('says at Ctrl-C that the job goes on and how to look at it', async () => {
    const path = await parquetFile('p.parquet', 'interrupted');
    const interruption = new AbortController();
    const outcome = await runCli(['submit', path, '--wait'], {
      environment: stack.environment,
      workingDirectory: folder,
      signal: interruption.signal,
      onStderr: (text) => text.includes('waiting for a worker') && interruption.abort(),
    });
    const message = await nextMessage();
    expect(outcome.exitCode).toBe(130);
    expect(outcome.stderr).toContain(
      `job ${message?.job} goes on. Look at it with: nutrisage status ${message?.job}`,
    );
  });
});

it('leaves another bucket’s objects where they are', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'elsewhere' }));
  const { exitCode, stderr } = await nutrisage('submit', 's3://elsewhere/none/');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('nothing below s3://elsewhere/none/ is called *.parquet');
});
