import { describe, expect, it } from 'vitest';
import { createRegistry, isHistogram, type Snapshot } from '../../../core/metrics/registry.ts';
import { snapshotDelta } from '../../../core/metrics/snapshot-delta.ts';
import { METRIC_NAMES, METRICS, metricDefinition, prometheusName } from '../../../schemas/metrics.ts';

const of = (snapshot: Snapshot, metric: string) => snapshot.filter((series) => series.metric === metric);

describe('a registry', () => {
  it('has the counters without dimensions of its program from the start, at 0', () => {
    const snapshot = createRegistry('worker').snapshot();
    expect(of(snapshot, 'Retries')).toEqual([{ metric: 'Retries', labels: {}, value: 0 }]);
    expect(of(snapshot, 'RequestsShed')).toEqual([]);
    expect(of(snapshot, 'RejectReasons')).toEqual([]);
    expect(of(createRegistry('endpoint').snapshot(), 'RequestsShed')).toHaveLength(1);
  });

  it('adds up counters by their labels, and keeps the last value of a gauge', () => {
    const registry = createRegistry('worker');
    registry.add('RejectReasons', 2, { Reason: 'missing-code' });
    registry.add('RejectReasons', 3, { Reason: 'missing-code' });
    registry.add('RejectReasons', 1, { Reason: 'value-negative' });
    registry.set('ThreadUse', 40);
    registry.set('ThreadUse', 60);
    const snapshot = registry.snapshot();
    expect(of(snapshot, 'RejectReasons')).toEqual([
      { metric: 'RejectReasons', labels: { Reason: 'missing-code' }, value: 5 },
      { metric: 'RejectReasons', labels: { Reason: 'value-negative' }, value: 1 },
    ]);
    expect(of(snapshot, 'ThreadUse')).toEqual([{ metric: 'ThreadUse', labels: {}, value: 60 }]);
  });

  it('puts a value on a bucket’s end into it, and what is above all into the last', () => {
    const registry = createRegistry('worker');
    for (const value of [0, 0.5, 0.6, 3, 1000]) registry.observe('AgreementShortfall', value);
    const [series] = of(registry.snapshot(), 'AgreementShortfall');
    expect(METRICS.AgreementShortfall.buckets.slice(0, 5)).toEqual([0, 0.5, 1, 2, 3]);
    expect(series).toMatchObject({
      counts: [1, 1, 1, 0, 1, 0, 0, 0, 0, 1],
      sums: [0, 0.5, 0.6, 0, 3, 0, 0, 0, 0, 1000],
    });
  });

  it('tells one text at a time', () => {
    const registry = createRegistry('worker');
    registry.tell('ModelVersion', { Version: 'one' });
    registry.tell('ModelVersion', { Version: 'two' });
    expect(of(registry.snapshot(), 'ModelVersion')).toEqual([
      { metric: 'ModelVersion', labels: { Version: 'two' }, value: 1 },
    ]);
  });

  it('lets no counter shrink', () => {
    const registry = createRegistry('worker');
    expect(() => registry.add('Retries', -1)).toThrow(RangeError);
    expect(() => registry.add('Retries', Number.NaN)).toThrow(/Retries can not grow by NaN/);
  });

  it('gives snapshots that later counting leaves alone', () => {
    const registry = createRegistry('worker');
    registry.observe('JobTime', 3);
    const before = structuredClone(registry.snapshot());
    const held = registry.snapshot();
    registry.observe('JobTime', 3);
    registry.add('Retries', 1);
    expect(held).toEqual(before);
  });
});

describe('the difference of two snapshots', () => {
  it('is what was counted between them, and gauges as they stand', () => {
    const registry = createRegistry('worker');
    registry.add('RowsRead', 10);
    registry.observe('StepTime', 0.3, { Step: 'read' });
    registry.set('ThreadUse', 10);
    const before = registry.snapshot();
    registry.add('RowsRead', 5);
    registry.add('Retries', 1);
    registry.observe('StepTime', 0.4, { Step: 'read' });
    registry.observe('StepTime', 7, { Step: 'grade' });
    registry.set('ThreadUse', 90);
    const delta = snapshotDelta(before, registry.snapshot());
    expect(of(delta, 'RowsRead')).toMatchObject([{ value: 5 }]);
    expect(of(delta, 'Retries')).toMatchObject([{ value: 1 }]);
    expect(of(delta, 'ThreadUse')).toMatchObject([{ value: 90 }]);
    const counted = of(delta, 'StepTime').filter(isHistogram);
    expect(counted.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0))).toEqual([1, 1]);
  });

  it('counts anew what a restarted process counts from 0', () => {
    const old = createRegistry('worker');
    old.add('RowsRead', 100);
    for (let at = 0; at < 3; at += 1) old.observe('JobTime', 3);
    const young = createRegistry('worker');
    young.add('RowsRead', 7);
    young.observe('JobTime', 3);
    const delta = snapshotDelta(old.snapshot(), young.snapshot());
    expect(of(delta, 'RowsRead')).toMatchObject([{ value: 7 }]);
    expect(of(delta, 'JobTime')).toEqual(of(young.snapshot(), 'JobTime'));
  });
});

describe('the table of metrics', () => {
  it.each(METRIC_NAMES)('has with %s what its kind needs', (name) => {
    const { kind, buckets, dimensions, meaning, aws, programs } = metricDefinition(name);
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(meaning).toMatch(/^[a-z0-9].{10,}[^.]$/);
    expect(dimensions.length).toBeLessThanOrEqual(3);
    for (const dimension of dimensions) expect(dimension).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(buckets === undefined).toBe(kind !== 'histogram');
    expect(aws === undefined).toBe(!programs.includes('queue'));
    if (kind === 'info') expect(dimensions).toHaveLength(1);
    const ends = buckets ?? [];
    expect(ends).toEqual([...ends].sort((left, right) => left - right));
    // A histogram may be 100 values at most.
    expect(ends.length).toBeLessThan(100);
  });

  it('has a Prometheus name of its own for each, as its conventions ask', () => {
    const names = METRIC_NAMES.map(prometheusName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^nutrisage_[a-z]+(_[a-z]+)*$/);
    expect(prometheusName('StepTime')).toBe('nutrisage_step_time_seconds');
    expect(prometheusName('RowsGraded')).toBe('nutrisage_rows_graded_total');
    expect(prometheusName('ModelVersion')).toBe('nutrisage_model_version_info');
    expect(prometheusName('ResidentMemory')).toBe('nutrisage_resident_memory_bytes');
  });
});
