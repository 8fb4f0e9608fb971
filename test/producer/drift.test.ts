/** `nutrisage drift` over summaries as workers write them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../core/drift/drift-report.ts';
import type { DriftReport } from '../../schemas/drift-report.ts';
import { plainHistograms, plainReference } from '../support/drift-reference.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runCli } from './cli.ts';
import { CLOSED, createWorkerHand, jobRecord, jobSummary, type WorkerHand } from './records.ts';

const MODEL = 'aaaabbbbccccdddd';
const JULY = 'a'.repeat(16);
const AUGUST = 'b'.repeat(16);

let stack: TestStack;
let worker: WorkerHand;

beforeAll(async () => {
  stack = await startTestStack();
  worker = createWorkerHand(stack.environment);
  await closed(JULY, driftOf({ salt: { impossible: 800 } }));
  await closed(AUGUST, driftOf({ salt: { impossible: 800 }, sugars: { sum: '198000000000' } }));
});
afterAll(() => stack.stop());

function driftOf(changes: Parameters<typeof plainHistograms>[1] = {}): DriftReport {
  return driftAgainstTraining(MODEL, plainReference(), plainHistograms(10_000, changes));
}

async function closed(job: string, drift: DriftReport | undefined): Promise<void> {
  await worker.putJobs(jobRecord(job, CLOSED));
  await worker.putOutputs(jobSummary(job, drift === undefined ? {} : { drift }));
}

const nutrisage = (...args: string[]) =>
  runCli(args, { environment: stack.environment, workingDirectory: '/' });

describe('nutrisage drift', () => {
  it('shows what has moved, training and job side by side, in plain words', async () => {
    const { exitCode, stdout } = await nutrisage('drift', AUGUST);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 of 23 features have moved from training, none of them far.');
    expect(stdout).toMatch(
      /^sugars: moderate\n {2}average sugars 2 g higher than in training \(22 g against 20 g\)\n/m,
    );
    expect(stdout).toMatch(/^ {19}training {22}this job$/m);
    expect(stdout).toMatch(/^ {2}from 5 to 8 g {4}█+▎ +9\.0 % {3}█+▎ +9\.0 %$/m);
    expect(stdout).toMatch(/^ {2}missing {10}█+ +10\.0 % {3}█+ +10\.0 %$/m);
    expect(stdout).toContain('salt impossible in 8.0 % of rows, 1.0 % in training');
    expect(stdout).toMatch(/Not moved: energy, fat, .*\(see them with --all\)\.\n$/);
    for (const line of stdout.split('\n').filter((text) => text.includes('█')))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it('compares with another job, of which it says what training would not', async () => {
    const { stdout } = await nutrisage('drift', AUGUST, '--against', JULY);
    expect(stdout).toContain(`1 of 23 features have moved from job ${JULY}, none of them far.`);
    expect(stdout).toContain(`average sugars 2 g higher than in job ${JULY}`);
    expect(stdout).not.toContain('salt impossible');
  });

  it('shows every feature and the grades when asked to', async () => {
    const { stdout } = await nutrisage('drift', AUGUST, '--all');
    expect(stdout).toContain('the model’s grades: stable');
    expect(stdout.match(/^\S.*: (stable|moderate|major)$/gm)).toHaveLength(24);
    expect(stdout).not.toContain('Not moved');
  });

  it('prints the whole report as JSON', async () => {
    const { stdout } = await nutrisage('drift', AUGUST, '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ job: AUGUST, drift: { verdict: 'moderate', against: 'training' } });
    expect(document.drift.features).toHaveLength(23);
    expect(document).toHaveProperty('agreement');
  });

  it('is told in short by status', async () => {
    const { stdout } = await nutrisage('status', AUGUST);
    expect(stdout).toContain('2 of 23 features have moved from training, none of them far.');
    expect(stdout).toContain('moderate  salt impossible in 8.0 % of rows, 1.0 % in training');
    expect(stdout).toContain(`All of it: nutrisage drift ${AUGUST}`);
  });

  it('says why there is none', async () => {
    const older = 'c'.repeat(16);
    await closed(older, undefined);
    const missing = await nutrisage('drift', older);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain(`the rows of job ${older} were not counted for drift`);
    const running = 'd'.repeat(16);
    await worker.putJobs(jobRecord(running));
    expect((await nutrisage('drift', running)).stderr).toContain('is still running');
    expect((await nutrisage('drift', 'e'.repeat(16))).stderr).toContain('there is no job');
    expect((await nutrisage('drift', 'no id')).exitCode).toBe(2);
  });

  it('does not compare jobs that were counted by other bins', async () => {
    const other = 'f'.repeat(16);
    const drift = structuredClone(driftOf());
    for (const { reference } of drift.features) reference.edges[0] = 0.5;
    await closed(other, drift);
    const { exitCode, stderr } = await nutrisage('drift', AUGUST, '--against', other);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`job ${AUGUST} was counted by the bins of model ${MODEL}`);
  });
});
