import { describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../../core/drift/drift-report.ts';
import { createRegistry } from '../../../core/metrics/registry.ts';
import { ruleWords } from '../../../local/dashboard/alarm-views.ts';
import type { DeadLetter } from '../../../producer/commands/dead-letters.ts';
import { alarmOf } from '../../../schemas/alarms.ts';
import { jobSummary } from '../../producer/records.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';
import { MODEL } from '../../support/records.ts';
import { countingWorker, EMPTY, fleetOf, jobOf, reading, START, viewOf } from './readings.ts';

const LETTER: DeadLetter = {
  kind: 'shard',
  job: 'j',
  shard: 3,
  files: ['s3://nutrisage-data/uploads/abc/shop.parquet'],
  rows: 100,
  redrive: 0,
  failure: {
    code: 'damaged-parquet',
    message: 's3://nutrisage-data/uploads/abc/shop.parquet is damaged.',
    remedy: 'Mend it.',
  },
  buriedAt: undefined,
  redriveBody: '',
  copies: [],
};

describe('a worker’s line', () => {
  it('has its threads, their use, its rate and its event loop', () => {
    const { registry, read } = countingWorker('worker-1', 77);
    registry.set('Threads', 4);
    registry.set('ThreadUse', 93);
    registry.set('ResidentMemory', 2 ** 28);
    registry.tell('ModelVersion', { Version: MODEL });
    const before = reading(1, { fleet: fleetOf(read()) });
    registry.add('RowsRead', 3000);
    registry.observe('EventLoopDelay', 0.004);
    registry.observe('EventLoopDelay', 0.03);
    const view = viewOf([before, reading(31, { fleet: fleetOf(read()) })]);
    expect(view.workers.list).toEqual([
      {
        name: 'worker-1',
        state: 'ready',
        pid: 77,
        threads: 4,
        busyPercent: 93,
        rowsPerSecond: 100,
        delaySeconds: 0.03,
        memoryBytes: 2 ** 28,
        model: MODEL,
      },
    ]);
  });

  it('says little of one that starts, and how many the backlog asks for', () => {
    const starting = countingWorker('worker-2').read({ state: 'starting', snapshot: undefined });
    const desired = { desired: 3, least: 1, most: 4 };
    const view = viewOf([reading(1, { fleet: { workers: [starting], desired } })]);
    expect(view.workers).toMatchObject({
      ready: 0,
      desired,
      list: [{ state: 'starting', busyPercent: null }],
    });
    expect(view.point).toMatchObject({ workers: 0, desired: 3 });
  });
});

describe('the jobs', () => {
  const closed = {
    state: 'succeeded',
    rows: 2000,
    rowsFinished: 2000,
    closedAt: '2026-11-23T10:01:05.000Z',
  } as const;

  it('have progress and time left while they run, measured from when they were first seen', () => {
    const at = (second: number, rowsFinished: number) =>
      reading(second, {
        jobs: [jobOf('a', { rows: 10_000, shards: 10, rowsFinished, finished: rowsFinished / 1000 })],
      });
    const view = viewOf([at(10, 2000), at(12, 3000), at(14, 4000)]);
    expect(view.jobs[0]).toMatchObject({
      title: 'a.parquet',
      state: 'running',
      rowsFinished: 4000,
      shardsFinished: 4,
      rowsPerSecond: 500,
      secondsLeft: 12,
      tookSeconds: null,
      grades: null,
      hasReport: false,
    });
  });

  it('have grades, drift and a report once they are closed', () => {
    const drift = driftAgainstTraining(MODEL, plainReference(), plainHistograms(10_000));
    const { outputs } = jobSummary('a');
    const summary = jobSummary('a', { drift, outputs: { ...outputs, report: 'jobs/a/report.html' } });
    const view = viewOf([reading(70, { jobs: [jobOf('a', closed, summary)] })]);
    expect(view.jobs[0]).toMatchObject({
      grades: [500, 300, 400, 588, 200],
      drift: 'stable',
      tookSeconds: 65,
      rowsPerSecond: 30.8,
      failure: null,
      hasReport: true,
    });
    const more = jobOf('a', {
      inputs: [jobOf('a'), jobOf('b'), jobOf('c')].flatMap(({ record }) => record.inputs),
    });
    expect(viewOf([reading(1, { jobs: [more] })]).jobs[0]?.title).toBe('a.parquet and 2 more');
    const none = jobOf('a', { inputs: [] });
    expect(viewOf([reading(1, { jobs: [none] })]).jobs[0]?.title).toBe('a job without files');
  });

  it('say why they failed, as a whole or in parts, with files by their names', () => {
    const failure = LETTER.failure ?? { code: '', message: '', remedy: '' };
    const unplanned = jobOf('a', { state: 'failed', failure });
    const summary = jobSummary('b', {
      state: 'partly failed',
      failures: [
        { shard: 0, failure },
        { shard: 1, failure },
      ],
    });
    const jobs = [unplanned, jobOf('b', { ...closed, state: 'partly failed' }, summary)];
    const view = viewOf([reading(1, { jobs })]);
    expect(view.jobs[0]).toMatchObject({ failures: 1, failure: { message: 'shop.parquet is damaged.' } });
    expect(view.jobs[1]).toMatchObject({ failures: 2, failure: { code: 'damaged-parquet' } });
  });

  it('are compared feature by feature, those that moved farthest in the newest first', () => {
    const moved = { missing: 5000, counts: new Array<number>(10).fill(400) };
    const measured = (name: string, changes: Parameters<typeof plainHistograms>[1]) =>
      jobOf(
        name,
        closed,
        jobSummary(name, {
          drift: driftAgainstTraining(MODEL, plainReference(), plainHistograms(10_000, changes)),
        }),
      );
    const jobs = [measured('new', { salt: moved }), jobOf('open'), measured('old', { fibre: moved })];
    const { drift } = viewOf([reading(1, { jobs })]);
    expect(drift.jobs.map(({ title }) => title)).toEqual(['new.parquet', 'old.parquet']);
    expect(drift.features.slice(0, 2).map(({ label }) => label)).toEqual(['salt', 'fibre']);
    const [salt] = drift.features;
    expect(salt?.cells[0]).toMatchObject({
      verdict: 'major',
      sentence: expect.stringContaining('salt missing'),
    });
    expect(salt?.cells[1]?.verdict).toBe('stable');
  });

  it('show what an older model did not measure as such', () => {
    const reference = plainReference();
    const whole = driftAgainstTraining(MODEL, reference, plainHistograms(10_000));
    const partial = { ...whole, features: whole.features.filter(({ feature }) => feature !== 'salt') };
    const jobs = [
      jobOf('new', closed, jobSummary('new', { drift: whole })),
      jobOf('old', closed, jobSummary('old', { drift: partial })),
    ];
    const salt = viewOf([reading(1, { jobs })]).drift.features.find(({ feature }) => feature === 'salt');
    expect(salt?.cells[1]).toMatchObject({
      verdict: 'too little data',
      sentence: expect.stringContaining('not measured'),
    });
  });

  it('show agreement with its interval where it was held against a card', () => {
    const agreementCheck = { low: 0.88, high: 0.92, expected: 0.982, margin: 0.03, verdict: 'low' } as const;
    const jobs = [
      jobOf('a', closed, jobSummary('a', { agreementCheck })),
      jobOf('b', closed, jobSummary('b', { agreement: null, agreementCheck })),
    ];
    expect(viewOf([reading(1, { jobs })]).agreement).toEqual([
      {
        ...agreementCheck,
        job: jobs[0]?.record.job,
        title: 'a.parquet',
        agreement: 0.9,
        compared: jobSummary('a').counts.compared,
      },
    ]);
  });

  it('stay as they were last seen running while the ledger can not be read', () => {
    const running = reading(1, { jobs: [jobOf('a', { rows: 100 })] });
    const view = viewOf([
      running,
      reading(2, { jobs: undefined, faults: ['The ledger can not be read: away'] }),
    ]);
    expect(view.jobs).toEqual([]);
    const again = reading(3, { jobs: [jobOf('a', { rows: 100, rowsFinished: 50 })] });
    expect(viewOf([running, reading(2, { jobs: undefined }), again]).jobs[0]?.rowsPerSecond).toBe(25);
  });
});

describe('the system', () => {
  it('tells rejects with their sentences, the most frequent first', () => {
    const { registry, read } = countingWorker('worker-1');
    registry.add('RowsRead', 1000);
    registry.add('RowsRejected', 30);
    registry.add('RejectReasons', 10, { Reason: 'missing-code' });
    registry.add('RejectReasons', 25, { Reason: 'value-negative' });
    registry.add('RejectReasons', 0, { Reason: 'value-not-finite' });
    registry.add('RejectReasons', 1, { Reason: 'of-tomorrow' });
    const { rejects } = viewOf([reading(1, { fleet: fleetOf(read()) })]);
    expect(rejects).toEqual({
      rows: 1000,
      rejected: 30,
      reasons: [
        { reason: 'value-negative', rows: 25, sentence: 'A value is below zero.' },
        { reason: 'missing-code', rows: 10, sentence: expect.stringContaining('no product code') },
        { reason: 'of-tomorrow', rows: 1, sentence: '' },
      ],
    });
  });

  it('tells what a shard’s time goes into, and how long messages wait', () => {
    const { registry, read } = countingWorker('worker-1');
    expect(viewOf([reading(1)]).latency).toEqual({ steps: null, waits: null, jobs: null });
    registry.observe('StepTime', 0.1, { Step: 'read' });
    registry.observe('StepTime', 0.3, { Step: 'read' });
    registry.observe('StepTime', 0.5, { Step: 'items' });
    registry.observe('MessageWait', 0.5);
    registry.observe('JobTime', 50);
    const { latency } = viewOf([reading(1, { fleet: fleetOf(read()) })]);
    expect(latency.steps).toEqual([
      { step: 'read', seconds: expect.closeTo(0.2, 9) },
      { step: 'items', seconds: 0.5 },
    ]);
    expect(latency.waits?.p50).toBeCloseTo(0.5, 9);
    expect(latency.jobs?.p99).toBeLessThanOrEqual(60);
  });

  it('tells what was given up, with its reason', () => {
    const unread = { ...LETTER, kind: 'unknown', job: undefined, files: [], failure: undefined } as const;
    const event = { ...LETTER, kind: 'inbox event', shard: undefined } as const;
    const { queue } = viewOf([
      reading(1, { queue: { ...EMPTY, dead: 3, letters: [LETTER, event, unread] } }),
    ]);
    expect(queue?.letters).toEqual([
      {
        title: 'shop.parquet, shard 3',
        job: 'j',
        failure: { code: 'damaged-parquet', message: 'shop.parquet is damaged.', remedy: 'Mend it.' },
      },
      { title: 'shop.parquet', job: 'j', failure: expect.objectContaining({ remedy: 'Mend it.' }) },
      { title: 'a message that can not be read', job: null, failure: null },
    ]);
  });

  it('tells the model, and how many workers use another', () => {
    const [one, two] = [countingWorker('worker-1', 1), countingWorker('worker-2', 2)];
    one.registry.tell('ModelVersion', { Version: MODEL });
    two.registry.tell('ModelVersion', { Version: '1'.repeat(16) });
    const model = { version: MODEL, promotedAt: '2026-11-23T09:00:00.000Z', accuracy: undefined };
    const fleet = fleetOf(one.read(), two.read(), countingWorker('worker-3', 3).read());
    expect(viewOf([reading(1, { model, fleet })]).model).toEqual({ ...model, accuracy: null, others: 1 });
    expect(viewOf([reading(1)]).model).toBeNull();
  });

  it('has an endpoint while one answers, and its alarms only then', () => {
    const registry = createRegistry('endpoint');
    registry.add('Requests', 60, { Route: 'grade', Status: '2xx' });
    registry.add('Requests', 40, { Route: 'grade', Status: '5xx' });
    registry.add('RequestErrors', 30);
    registry.add('RequestsShed', 10);
    registry.set('RequestsInFlight', 2);
    const endpoint = { address: 'http://127.0.0.1:4568/', snapshot: registry.snapshot() };
    const view = viewOf([reading(10, { endpoint })]);
    expect(view.endpoint).toEqual({
      address: 'http://127.0.0.1:4568/',
      requestsPerSecond: 10,
      inFlight: 2,
      latency: null,
      statuses: [
        { status: '2xx', count: 60 },
        { status: '5xx', count: 40 },
      ],
      shed: 10,
      errors: 30,
      model: null,
    });
    expect(view.alarms.some(({ name }) => name === 'EndpointErrors')).toBe(true);
    expect(viewOf([reading(10)]).alarms.some(({ name }) => name === 'EndpointErrors')).toBe(false);
  });
});

describe('the alarms', () => {
  it('have the gravest raised one first', () => {
    const { registry, read } = countingWorker('worker-1');
    registry.add('DriftingFeatures', 2, { Verdict: 'major' });
    registry.add('ModelRefusals', 1);
    const [first, second, third] = viewOf([reading(1, { fleet: fleetOf(read()) })]).alarms;
    expect([first?.severity, second?.severity, third?.state]).toEqual(['ticket', 'notice', 'ok']);
    expect(first).toMatchObject({ heading: 'A model is refused', value: '1', since: START + 1000 });
  });

  it.each([
    ['DeadLetters', 'DeadLetterMessages, maximum of 5 min at least 1'],
    ['RejectsHigh', 'RowsRejected of RowsRead in 15 min above 50 %'],
    ['RetriesHigh', 'Retries of Messages in 5 min above 10 %, 3 of 3 times'],
    ['EventLoopHeld', 'EventLoopDelay, 99th percentile of 1 min above 1 s, 3 of 5 times'],
    ['DriftMajor', 'DriftingFeatures major, sum of 5 min at least 1'],
    ['BacklogOld', 'OldestMessageAge, maximum of 5 min at least 30 min, 3 of 3 times'],
    ['EndpointSlow', 'RequestTime, 99th percentile of 1 min above 500 ms, 3 of 5 times'],
    ['AgreementLow', 'AgreementShortfall, maximum of 5 min above 3 %'],
  ] as const)('tell the rule of %s', (name, words) => {
    expect(ruleWords(alarmOf(name))).toBe(words);
  });
});
