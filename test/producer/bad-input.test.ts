/** Each fault of input or configuration: found at once, one line with cause and remedy, its exit code. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runCli, spawnCli } from './cli.ts';
import { createWorkerHand } from './records.ts';

let stack: TestStack;
let folder: string;

const PARQUET = 'PAR1 not really, but begun and ended PAR1';
const FILES: Readonly<Record<string, string>> = {
  'good.parquet': PARQUET,
  'empty.parquet': '',
  'products.csv': 'code,energy_100g\n1,2\n',
  'cut.parquet': 'PAR1 and then nothing more',
  'encrypted.parquet': 'PARE................PARE',
  'short.parquet': 'PAR1',
  'notes/readme.txt': 'no Parquet here',
  'not-json.json': '{columns: 1}',
  'not-a-mapping.json': '{"columns": {"code": 7}}',
  'no-columns.json': '{"columns": {}}',
  'unknown-target.json': '{"columns": {"code": "ean", "sugar_100g": "zucker", "colour": "farbe"}}',
  'repeated-target.json': '{"columns": {"fat_100g": "fett", "FAT-100g": "fett2"}}',
};

beforeAll(async () => {
  stack = await startTestStack();
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-bad-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await createWorkerHand(stack.environment).putObject('shop/products.csv', 'code\n1\n');
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

const DATA = `s3://${RESOURCES.dataBucket}`;
const JOB = '0123456789abcdef';

interface Case {
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly code: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    args: ['submit', 'none.parquet'],
    exitCode: 2,
    code: 'file-missing',
    says: ['none.parquet', 'looked up from'],
  },
  { args: ['submit', 'notes'], exitCode: 2, code: 'no-parquet-files', says: ['notes holds no Parquet file'] },
  { args: ['submit', 'empty.parquet'], exitCode: 2, code: 'empty-file', says: ['empty.parquet is empty'] },
  {
    args: ['submit', 'products.csv'],
    exitCode: 2,
    code: 'not-parquet',
    says: ['products.csv', 'PAR1', 'DuckDB'],
  },
  { args: ['submit', 'short.parquet'], exitCode: 2, code: 'not-parquet', says: ['short.parquet'] },
  {
    args: ['submit', 'cut.parquet'],
    exitCode: 2,
    code: 'truncated-parquet',
    says: ['cut.parquet', 'last bytes'],
  },
  { args: ['submit', 'encrypted.parquet'], exitCode: 2, code: 'not-parquet', says: ['is encrypted'] },
  {
    args: ['submit', 'good.parquet', '-m', 'none.json'],
    exitCode: 2,
    code: 'file-missing',
    says: ['none.json'],
  },
  {
    args: ['submit', 'good.parquet', '-m', 'not-json.json'],
    exitCode: 2,
    code: 'bad-mapping',
    says: ['is not JSON'],
  },
  {
    args: ['submit', 'good.parquet', '-m', 'not-a-mapping.json'],
    exitCode: 2,
    code: 'bad-mapping',
    says: ['/columns/code'],
  },
  {
    args: ['submit', 'good.parquet', '-m', 'no-columns.json'],
    exitCode: 2,
    code: 'bad-mapping',
    says: ['maps no column'],
  },
  {
    args: ['submit', 'good.parquet', '-m', 'unknown-target.json'],
    exitCode: 2,
    code: 'bad-mapping',
    says: ['"sugar_100g" (did you mean "sugars_100g"?)', '"colour"', 'saturated-fat_100g'],
  },
  {
    args: ['submit', 'good.parquet', '-m', 'repeated-target.json'],
    exitCode: 2,
    code: 'bad-mapping',
    says: ['names one input twice: "fat_100g" and "FAT-100g"'],
  },
  { args: ['submit', 's3://Not_A_Bucket/x'], exitCode: 2, code: 'usage', says: ['Not_A_Bucket'] },
  {
    args: ['submit', 's3://no-such-bucket/x.parquet'],
    exitCode: 2,
    code: 'bucket-missing',
    says: ['no-such-bucket'],
  },
  {
    args: ['submit', 's3://no-such-bucket/x/'],
    exitCode: 2,
    code: 'bucket-missing',
    says: ['no-such-bucket'],
  },
  {
    args: ['submit', `${DATA}/no/x.parquet`],
    exitCode: 2,
    code: 'object-missing',
    says: [`${DATA}/no/x.parquet`],
  },
  { args: ['submit', `${DATA}/no/`], exitCode: 2, code: 'no-parquet-files', says: [`${DATA}/no/`] },
  { args: ['submit', `${DATA}/shop/products.csv`], exitCode: 2, code: 'not-parquet', says: ['products.csv'] },
  { args: ['submit'], exitCode: 2, code: 'usage', says: ["missing required argument 'input'"] },
  { args: ['submit', 'good.parquet', '--again', 'x'], exitCode: 2, code: 'usage', says: ['whole number'] },
  { args: ['subm'], exitCode: 2, code: 'usage', says: ["unknown command 'subm'", 'submit?'] },
  { args: ['jobs', '--limit', '0'], exitCode: 2, code: 'usage', says: ['from 1 to 1000'] },
  { args: ['status', 'job7'], exitCode: 2, code: 'usage', says: ['16 hexadecimal digits'] },
  { args: ['status', JOB], exitCode: 1, code: 'job-missing', says: [`no job ${JOB}`, 'nutrisage jobs'] },
  { args: ['download', JOB], exitCode: 1, code: 'job-missing', says: [JOB] },
  { args: ['show', '00042'], exitCode: 1, code: 'code-missing', says: ['no product with the code 00042'] },
  { args: ['dlq', 'redrive'], exitCode: 2, code: 'usage', says: ['--all'] },
  { args: ['dlq', 'redrive', '--all', JOB], exitCode: 2, code: 'usage', says: ['both'] },
  { args: ['dlq', 'redrive', JOB], exitCode: 1, code: 'no-dead-letters', says: [JOB] },
];

describe.each(CASES)('nutrisage $args', ({ args, exitCode, code, says }) => {
  it(`ends with ${exitCode} and one line that says why`, async () => {
    const outcome = await runCli(args.map(inFolder), {
      environment: stack.environment,
      workingDirectory: folder,
    });
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toMatch(/^nutrisage: [^\n]+\. [A-Z`][^\n]+\n$/);
    for (const part of says) expect(outcome.stderr).toContain(part);
  });

  it(`says ${code} as JSON with --json`, async () => {
    const outcome = await runCli([...args.map(inFolder), '--json'], {
      environment: stack.environment,
      workingDirectory: folder,
    });
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(JSON.parse(outcome.stderr)).toMatchObject({ error: { code, remedy: expect.stringMatching(/./) } });
  });
});

/** The command runs in this process, whose working directory is the repository: so files are named in full. */
function inFolder(argument: string): string {
  return argument in FILES || ['none.parquet', 'notes', 'none.json'].includes(argument)
    ? join(folder, argument)
    : argument;
}

describe('where nothing can be reached', () => {
  const child = (environment: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnCli(args, { environment, workingDirectory: folder });

  it('says how to start the local stack, or which variables to set', async () => {
    const { exitCode, stderr } = await child({}, 'jobs');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npm run local');
    for (const name of [ENVIRONMENT.jobsQueueUrl, ENVIRONMENT.dataBucket, ENVIRONMENT.jobsTable]) {
      expect(stderr).toContain(name);
    }
  });

  it.each([
    ['jobs', 'the table at http://127.0.0.1:9'],
    ['submit', 'the object store at http://127.0.0.1:9'],
    ['dlq', 'the queue at http://127.0.0.1:9'],
  ])('says of %s that the connection was refused, and ends with 3', async (command, place) => {
    const nowhere = 'http://127.0.0.1:9';
    const environment = {
      ...stack.environment,
      AWS_ENDPOINT_URL_S3: nowhere,
      AWS_ENDPOINT_URL_SQS: nowhere,
      AWS_ENDPOINT_URL_DYNAMODB: nowhere,
    };
    const words = { jobs: ['jobs'], submit: ['submit', 'good.parquet'], dlq: ['dlq', 'list'] }[command] ?? [];
    const { exitCode, stderr } = await child(environment, ...words);
    expect(stderr).toContain(`${place} cannot be reached (connection refused)`);
    expect(exitCode).toBe(3);
  });

  it('names a table and a queue that are not there', async () => {
    const wrong = { ...stack.environment, [ENVIRONMENT.jobsTable]: 'no-such-table' };
    expect(await child(wrong, 'jobs', '--json')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no table no-such-table'),
    });
    const queueUrl = `${stack.environment[ENVIRONMENT.deadLetterQueueUrl]}-none`;
    const queueless = { ...stack.environment, [ENVIRONMENT.deadLetterQueueUrl]: queueUrl };
    expect(await child(queueless, 'dlq', 'list')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no queue'),
    });
  });
});
