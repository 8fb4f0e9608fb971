import { describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../../core/drift/drift-report.ts';
import { createRegistry, type Registry } from '../../../core/metrics/registry.ts';
import { tallyJob } from '../../../worker/ledger/tally-job.ts';
import { createWorkerMeter } from '../../../worker/metrics/worker-meter.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';
import { doneShard, failedShard, jobRecord, MODEL, plannedFile } from '../../support/records.ts';
import { deliveryOf } from '../worker-bench.ts';

/** Counters and gauges by their names, with a label's value behind. */
function valuesOf(registry: Registry): Record<string, number> {
  return Object.fromEntries(
    registry.snapshot().map((series) => {
      const name = [series.metric, ...Object.values(series.labels)].join(' ');
      const value = 'value' in series ? series.value : series.counts.reduce((sum, count) => sum + count, 0);
      return [name, value];
    }),
  );
}

function metered() {
  const registry = createRegistry('worker');
  return { registry, meter: createWorkerMeter(registry) };
}

describe('the worker’s meter', () => {
  it('counts the rows of a shard, by source and by reason', () => {
    const { registry, meter } = metered();
    meter.shardRecorded(doneShard(0));
    meter.shardRecorded(doneShard(1));
    meter.shardRecorded(failedShard(2));
    expect(valuesOf(registry)).toMatchObject({
      'ShardsFinished done': 2,
      'ShardsFinished failed': 1,
      RowsRead: 200,
      'RowsGraded official': 120,
      'RowsGraded model': 60,
      RowsRejected: 20,
      RowsCompared: 120,
      RowsAgreed: 114,
      'RejectReasons missing-code': 20,
      'StepTime read': 2,
      'StepTime items': 2,
    });
  });

  it('counts what becomes of deliveries', () => {
    const { registry, meter } = metered();
    const failure = { code: 'unexpected', message: 'm', remedy: 'r' };
    for (const settlement of [
      { kind: 'acknowledge' },
      { kind: 'release' },
      { kind: 'retry', afterSeconds: 1 },
      { kind: 'bury', failure },
    ] as const)
      meter.settled(settlement);
    expect(valuesOf(registry)).toMatchObject({
      'Messages acknowledge': 1,
      'Messages release': 1,
      'Messages retry': 1,
      'Messages bury': 1,
      Retries: 1,
      DeadLetters: 1,
    });
  });

  it('takes the wait of a message when it first comes, and never less than nothing', () => {
    const { registry, meter } = metered();
    const sentAt = 1_000_000;
    meter.taken({ ...deliveryOf('{}'), sentAt }, sentAt + 4000);
    meter.taken({ ...deliveryOf('{}'), sentAt }, sentAt - 50);
    meter.taken({ ...deliveryOf('{}', 2), sentAt }, sentAt + 900_000);
    meter.taken(deliveryOf('{}'), sentAt);
    const [waits] = registry.snapshot().filter(({ metric }) => metric === 'MessageWait');
    expect(waits).toMatchObject({ counts: expect.arrayContaining([1]) });
    const sums = waits !== undefined && 'sums' in waits ? waits.sums : [];
    expect(sums.reduce((all, sum) => all + sum, 0)).toBe(4);
    expect(valuesOf(registry)['MessageWait']).toBe(2);
  });

  it('tells of a closed job how it ended, what drifted and how far agreement fell short', () => {
    const { registry, meter } = metered();
    const job = jobRecord({ state: 'running', files: [plannedFile()], rows: 20_000, shards: 2 });
    const counts = doneShard(0).counts;
    if (counts === undefined) throw new Error('A done shard has counts.');
    const drifted = JSON.stringify(
      plainHistograms(10_000, { salt: { impossible: 5000 }, fat: { sum: '195000000000' } }),
    );
    const tally = tallyJob(job);
    for (const shard of [0, 1]) {
      const many = { ...counts, compared: 10_000, agreed: 9000 };
      tally.add([doneShard(shard, { histograms: drifted, counts: many })]);
    }
    meter.jobClosed(tally.summary({ reference: plainReference(), metrics: { 'accuracy.complete': 0.98 } }));
    const values = valuesOf(registry);
    expect(values).toMatchObject({
      'JobsClosed succeeded': 1,
      JobTime: 1,
      'DriftingFeatures major': 1,
      'DriftingFeatures moderate': 1,
      AgreementShortfall: 1,
    });
    const [shortfall] = registry.snapshot().filter(({ metric }) => metric === 'AgreementShortfall');
    // 98 % promised, and at most 90.4 % by the interval.
    const sums = shortfall !== undefined && 'sums' in shortfall ? shortfall.sums : [];
    expect(sums.reduce((all, sum) => all + sum, 0)).toBeCloseTo(7.6, 1);
  });

  it('says nothing of agreement where too few rows, or no card, tell', () => {
    const { registry, meter } = metered();
    const summary = tallyJob(jobRecord({ shards: 0 })).summary({ reference: undefined, metrics: {} });
    meter.jobClosed(summary);
    const few = { low: 0.5, high: 0.6, expected: 0.98, margin: 0.03, verdict: 'too little data' } as const;
    const drift = driftAgainstTraining(MODEL, plainReference(), plainHistograms(100));
    meter.jobClosed({ ...summary, agreementCheck: few, drift });
    expect(valuesOf(registry)).not.toHaveProperty('AgreementShortfall');
    expect(Object.keys(valuesOf(registry)).some((name) => name.startsWith('Drifting'))).toBe(false);
  });

  it('counts each sight of a job that stands still', () => {
    const { registry, meter } = metered();
    meter.stoodStill();
    meter.stoodStill();
    expect(valuesOf(registry)).toMatchObject({ StandstillSightings: 2 });
  });
});
