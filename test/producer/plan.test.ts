import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEASURED_RATES } from '../../core/scaling/measured-rates.ts';
import { type Outcome, runCli } from './cli.ts';

describe('nutrisage plan', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-plan-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // No variable is set and no stack runs there: a plan needs neither.
  const plan = (...args: string[]): Promise<Outcome> =>
    runCli(['plan', ...args], { environment: {}, workingDirectory: folder });
  const planned = async (...args: string[]) => JSON.parse((await plan(...args, '--json')).stdout);

  it('says tasks, time, what binds and the costs, for people', async () => {
    const { exitCode, stdout, stderr } = await plan('--rows', '10M', '--rate', '20000');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').slice(0, 9).join('\n')).toBe(
      [
        '10,000,000 rows, 153 shards, grades to Parquet and DynamoDB; Fargate arm64',
        '',
        'Tasks  1 of at most 10, 2 threads each',
        'Time   38 min 50 s from submission, at 4,651 rows/s once tasks work: too late for 10 min 00 s',
        'Binds  the table of grades, from 4,000 writes/s. Warm the table up before (warm throughput), ask for a higher quota, or leave the table out (--no-table) and read the Parquet.',
        '',
        'What can not be passed, each alone',
        '  limit                                            rows/s        takes',
        '  the table of grades, from 4,000 writes/s          4,651  35 min 50 s',
      ].join('\n'),
    );
    expect(stdout).toMatch(/^ {2}together +6\.\d\d {2}0\.6\d{3} a million rows$/m);
    expect(stdout).toContain('Costs of the job, US dollars (prices of 2026-11, us-east-1)');
    expect(stdout).toContain('The installation while it is idle, each month');
  });

  it('plans by the measured rates, and by those that it is given', async () => {
    expect((await planned('-r', '1M')).question.rowsPerSecond).toBe(MEASURED_RATES.rowsWithTable.perSecond);
    expect((await planned('-r', '1M', '--no-table')).question.rowsPerSecond).toBe(
      MEASURED_RATES.rows.perSecond,
    );
    expect((await planned('-r', '1M', '--rate', '123456')).question.rowsPerSecond).toBe(123_456);
  });

  it('ends with 1 where the deadline that was given is missed, and says what is needed', async () => {
    const { exitCode, stdout } = await plan('-r', '1G', '-d', '10min', '--no-table', '--rate', '20000');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Tasks {2}10 of at most 10, 2 threads each; to be in time it would take 60$/m);
    expect(stdout).toMatch(/^Binds {2}10 tasks\. More tasks: --tasks-max/m);
    const enough = await plan(
      '-r',
      '1G',
      '-d',
      '10min',
      '--no-table',
      '--rate',
      '20000',
      '--tasks-max',
      '60',
    );
    expect(enough.exitCode).toBe(0);
    expect(enough.stdout).toMatch(/^Binds {2}nothing before the deadline; first would be 60 tasks$/m);
  });

  it('names each limit that may bind', async () => {
    const { stdout } = await plan('-r', '10G', '--tasks-max', '5000', '--no-table');
    for (const limit of [
      'the ledger, one partition for each job',
      'reads of one prefix in S3',
      'writes below one prefix in S3',
      'messages in flight',
    ])
      expect(stdout).toContain(limit);
  });

  it('says that a job would outlive the messages of its queue', async () => {
    const { exitCode, stdout } = await plan('-r', '10G', '--rate', '1000', '--tasks-max', '1', '--no-table');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The queue keeps a message for 14 days');
  });

  it('takes prices of one’s own for those that differ', async () => {
    const path = join(folder, 'prices.json');
    await writeFile(path, JSON.stringify({ date: '2027-02', tableMillionWrites: 1 }));
    const { prices, plan: job } = await planned('-r', '1M', '--prices', path);
    expect(prices).toMatchObject({
      date: '2027-02',
      region: 'us-east-1',
      changed: ['date', 'tableMillionWrites'],
    });
    expect(job.costs.find(({ service }: { service: string }) => service === 'DynamoDB').dollars).toBeCloseTo(
      1,
      3,
    );
  });

  it('counts on Spot and on other processors where it is told to', async () => {
    const fargate = async (...args: string[]) => (await planned('-r', '1M', ...args)).plan.costs[0].dollars;
    const usual = await fargate();
    expect(await fargate('--spot')).toBeLessThan(usual);
    expect(await fargate('--x86')).toBeGreaterThan(usual);
    expect((await plan('-r', '1M', '--spot', '--x86')).stdout).toContain('Fargate x86_64 on Spot');
  });

  it('adds what always runs to the idle installation', async () => {
    const { idle } = await planned('-r', '1', '--workers-min', '1', '--endpoints-min', '2');
    expect(idle.map(({ service }: { service: string }) => service)).toContain('Load balancer');
  });

  it.each([
    ['250000', 250_000],
    ['1.5k', 1500],
    ['10_000', 10_000],
    ['1.5G', 1_500_000_000],
  ])('reads %s as rows', async (text, rows) => {
    expect((await planned('-r', text)).question.rows).toBe(rows);
  });

  it.each(['0', '1.5', '1e6', '-5', 'many', '200G', ''])('refuses "%s" as rows', async (text) => {
    const { exitCode, stderr } = await plan(`--rows=${text}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Give a number of rows, such as 250000, 10M or 1.5G');
  });

  it.each([
    ['200s', 200],
    ['1.5h', 5400],
    ['2d', 172_800],
  ])('reads %s as a deadline', async (text, seconds) => {
    expect((await planned('-r', '1', '-d', text)).plan.deadlineSeconds).toBe(seconds);
  });

  it.each(['10', '60s', '1 h', 'soon'])('refuses "%s" as a deadline', async (text) => {
    const { exitCode, stderr } = await plan('-r', '1', '-d', text);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('longer than 3 min 00 s, which pass before the first task works');
  });

  it.each([
    ['{', 'it is not JSON'],
    ['{"vcpuHourArm": -1}', '/vcpuHourArm must be >= 0'],
    ['{"vcpuHour": 1}', 'must not have additional properties'],
  ])('refuses a price file of %s', async (text, reason) => {
    const path = join(folder, 'bad.json');
    await writeFile(path, text);
    const { exitCode, stderr } = await plan('-r', '1', '--prices', path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('with any of: date, region, vcpuHourX86');
  });

  it('says that a price file is not there', async () => {
    const { exitCode, stderr } = await plan('-r', '1', '--prices', join(folder, 'none.json'), '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'file-missing' });
    expect((await plan('-r', '1', '--prices', folder)).stderr).toContain('EISDIR');
  });
});
