/** `nutrisage logs`, and the line that `submit` leaves for it. */
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '../../producer/logs/log-line.ts';
import { SubmissionMessage } from '../../schemas/messages.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { duckDbParquet } from '../core/parquet/parquet-files.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runCli } from './cli.ts';
import { createWorkerHand, jobRecord, type WorkerHand } from './records.ts';

const JOB = 'a'.repeat(16);
const CORRELATION = '0123456789abcdef0123456789abcdef';
const AT = Date.parse('2026-11-23T10:00:00.000Z');

let stack: TestStack;
let worker: WorkerHand;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  worker = createWorkerHand(stack.environment);
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-logs-'));
  await mkdir(join(stack.directory, 'logs'), { recursive: true });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Found by the stack's own file, as in a folder where `npm run local` runs. */
const nutrisage = (...args: string[]) =>
  runCli(args, {
    environment: { [ENVIRONMENT.localDirectory]: stack.directory },
    workingDirectory: folder,
  });

const line = (members: object): string =>
  `${JSON.stringify({ level: LOG_LEVELS.info, time: AT, msg: 'said', ...members })}\n`;
const write = (name: string, ...lines: readonly string[]) =>
  writeFile(join(stack.directory, 'logs', name), lines.join(''));

describe('nutrisage logs', () => {
  it('puts the lines of all programs about a job in order, and leaves out all others', async () => {
    await worker.putJobs(jobRecord(JOB, { correlation: CORRELATION }));
    await write(
      'worker-1.log',
      line({
        worker: 'worker-1',
        job: JOB,
        time: AT + 2000,
        msg: 'shard done',
        shard: 3,
        seconds: { read: 0.12345 },
      }),
      line({ worker: 'worker-1', job: 'b'.repeat(16), msg: 'of another job' }),
      line({ worker: 'worker-1', job: 'b'.repeat(16), msg: `another job tells of ${JOB}` }),
      'Error: something without JSON\n',
      `{"level":30,"time":${AT},"job":"${JOB}","msg":"cut o`,
    );
    await write(
      'worker-2.log',
      line({ worker: 'worker-2', correlation: CORRELATION, time: AT + 1000, msg: 'job planned', rows: 2000 }),
      line({
        worker: 'worker-2',
        job: JOB,
        time: AT + 3000,
        level: LOG_LEVELS.warn,
        msg: 'shard is tried again',
        err: { message: 'It is away.' },
      }),
      `{"job":"${JOB}","level":"info"}\n`,
    );
    await write('notes.txt', line({ job: JOB, msg: 'no log' }));
    const { exitCode, stdout } = await nutrisage('logs', JOB);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '2026-11-23 10:00:01.000  worker-2  job planned  rows=2000',
        '2026-11-23 10:00:02.000  worker-1  shard done  shard=3  seconds={"read":0.123}',
        '2026-11-23 10:00:03.000  worker-2  WARN shard is tried again  (It is away.)',
        '',
      ].join('\n'),
    );
    const { lines, correlation } = JSON.parse((await nutrisage('logs', JOB, '--json')).stdout);
    expect(correlation).toBe(CORRELATION);
    expect(lines.map(({ msg }: { msg: string }) => msg)).toEqual([
      'job planned',
      'shard done',
      'shard is tried again',
    ]);
  });

  it('begins with the submission itself, whose correlation goes with the message', async () => {
    const path = join(folder, 'shop.parquet');
    await writeFile(path, await duckDbParquet("SELECT '1' AS code, 1.0 AS sugars_100g"));
    const { stdout } = await nutrisage('submit', path, '--json');
    const submitted = JSON.parse(stdout);
    expect(submitted.correlation).toMatch(/^[0-9a-f]{32}$/);
    const own = await readFile(join(stack.directory, 'logs', 'nutrisage.log'), 'utf8');
    expect(JSON.parse(own)).toMatchObject({
      program: 'nutrisage',
      job: submitted.job,
      correlation: submitted.correlation,
      msg: 'job submitted',
      files: 1,
    });
    // Nobody has taken it: it is in the log alone.
    const told = await nutrisage('logs', submitted.job);
    expect(told.stdout).toMatch(/nutrisage {2}job submitted {2}files=1 {2}bytes=\d+\n$/);
  });

  it('says where it looked when nothing is about the job', async () => {
    const { exitCode, stdout } = await nutrisage('logs', 'c'.repeat(16));
    expect(exitCode).toBe(1);
    expect(stdout).toBe(`No line in ${join(stack.directory, 'logs')} is about job ${'c'.repeat(16)}.\n`);
  });

  it('sends who works on AWS to CloudWatch, with the query', async () => {
    const { exitCode, stderr } = await runCli(['logs', JOB], {
      environment: stack.environment,
      workingDirectory: folder,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the logs are not on this machine');
    expect(stderr).toContain(`filter job = "${JOB}" | sort @timestamp`);
  });

  it('does without a folder of logs, and without being able to write there', async () => {
    await rm(join(stack.directory, 'logs'), { recursive: true });
    expect((await nutrisage('logs', JOB)).exitCode).toBe(1);
    await appendFile(join(stack.directory, 'logs'), 'a file where the folder should be');
    const path = join(folder, 'other.parquet');
    await writeFile(path, await duckDbParquet("SELECT '2' AS code, 1.0 AS sugars_100g"));
    expect((await nutrisage('submit', path)).exitCode).toBe(0);
  });
});

describe('a submission’s message', () => {
  it('may be without a correlation, as of an older command, and has none of odd characters', () => {
    const parser = createParser('submission', SubmissionMessage);
    const message = {
      kind: 'submission',
      version: 1,
      job: JOB,
      submittedAt: '2026-11-23T10:00:00.000Z',
      inputs: [{ bucket: 'data', key: 'uploads/k', etag: 'abc', size: 1 }],
    };
    expect(parser.matches(message)).toBe(true);
    expect(parser.matches({ ...message, correlation: CORRELATION })).toBe(true);
    expect(parser.matches({ ...message, correlation: 'a b"\n' })).toBe(false);
  });
});
