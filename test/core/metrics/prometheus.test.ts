import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry as PeerRegistry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parsePrometheus } from '../../../core/metrics/parse-prometheus.ts';
import { createRegistry, isHistogram } from '../../../core/metrics/registry.ts';
import { renderPrometheus } from '../../../core/metrics/render-prometheus.ts';
import { METRICS, metricDefinition, prometheusName } from '../../../schemas/metrics.ts';

const reason = fc.string({ unit: 'grapheme', maxLength: 12 });
const observations = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('rejects' as const), reason, amount: fc.integer({ min: 0, max: 1e9 }) }),
    fc.record({ kind: fc.constant('use' as const), value: fc.double({ min: 0, max: 100, noNaN: true }) }),
    fc.record({
      kind: fc.constant('step' as const),
      step: fc.constantFrom('read', 'grade'),
      seconds: fc.oneof(fc.double({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(0.001, 0.1, 300)),
    }),
  ),
  { maxLength: 40 },
);

/** The same observations in our registry and in the one that most Node.js programs use. */
function bothOf(all: typeof observations extends fc.Arbitrary<infer Value> ? Value : never) {
  const ours = createRegistry('endpoint');
  const theirs = new PeerRegistry();
  const help = (metric: 'RejectReasons' | 'ThreadUse' | 'StepTime') => ({
    name: prometheusName(metric),
    help: metricDefinition(metric).meaning,
    registers: [theirs],
  });
  const rejects = new Counter({ ...help('RejectReasons'), labelNames: ['reason'] });
  const use = new Gauge(help('ThreadUse'));
  const steps = new Histogram({
    ...help('StepTime'),
    labelNames: ['step'],
    buckets: [...METRICS.StepTime.buckets],
  });
  ours.set('ThreadUse', 0);
  for (const one of all) {
    if (one.kind === 'rejects') {
      ours.add('RejectReasons', one.amount, { Reason: one.reason });
      rejects.inc({ reason: one.reason }, one.amount);
    } else if (one.kind === 'use') {
      ours.set('ThreadUse', one.value);
      use.set(one.value);
    } else {
      ours.observe('StepTime', one.seconds, { Step: one.step });
      steps.observe({ step: one.step }, one.seconds);
    }
  }
  return { ours, theirs };
}

/** Samples by what they are of: the order of labels and lines is free, and sums differ in the last digit. */
function samplesOf(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const at = line.lastIndexOf(' ');
      const [name = '', inside = ''] = line.slice(0, at).split(/\{(.*)\}$/s);
      const labels = [...inside.matchAll(/\w+="(?:[^"\\]|\\.)*"/g)].map(([pair]) => pair).sort();
      return [`${name} ${labels.join(' ')}`, Number(line.slice(at + 1).replace('Inf', 'Infinity'))];
    }),
  );
}

describe('the Prometheus text', () => {
  it('has the samples that prom-client has of the same observations', async () => {
    await fc.assert(
      fc.asyncProperty(observations, async (all) => {
        const { ours, theirs } = bothOf(all);
        const own = samplesOf(renderPrometheus(ours.snapshot()));
        const peer = samplesOf(await theirs.metrics());
        for (const [sample, value] of peer) expect(own.get(sample), sample).toBeCloseTo(value, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('has a help and a type line before each metric, and ends with a line end', () => {
    const registry = createRegistry('worker');
    registry.tell('ModelVersion', { Version: 'a"b\\c\nd' });
    registry.set('ThreadUse', Number.POSITIVE_INFINITY);
    registry.set('BacklogMessages', Number.NaN);
    registry.set('InFlightMessages', Number.NEGATIVE_INFINITY);
    const text = renderPrometheus(registry.snapshot());
    expect(text).toContain(
      `# HELP nutrisage_model_version_info ${METRICS.ModelVersion.meaning}\n# TYPE nutrisage_model_version_info gauge\n` +
        'nutrisage_model_version_info{version="a\\"b\\\\c\\nd"} 1\n',
    );
    expect(text).toContain('nutrisage_thread_use_percent +Inf\n');
    expect(text).toContain('nutrisage_backlog_messages NaN\n');
    expect(text).toContain('nutrisage_in_flight_messages -Inf\n');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('is read back to what was counted', () => {
    fc.assert(
      fc.property(observations, (all) => {
        const snapshot = bothOf(all).ours.snapshot();
        const read = parsePrometheus(renderPrometheus(snapshot));
        const key = (series: { metric: string; labels: object }) =>
          JSON.stringify([series.metric, series.labels]);
        const byKey = new Map(read.map((series) => [key(series), series]));
        expect(read).toHaveLength(snapshot.length);
        for (const series of snapshot) {
          const found = byKey.get(key(series));
          if (!isHistogram(series)) expect(found).toEqual(series);
          else if (found !== undefined && isHistogram(found)) {
            expect(found.counts).toEqual(series.counts);
            const total = (sums: readonly number[]): number => sums.reduce((all, sum) => all + sum, 0);
            expect(total(found.sums)).toBe(total(series.sums));
          } else expect.unreachable(key(series));
        }
      }),
    );
  });

  it('is read past what nobody knows', () => {
    const text =
      '# TYPE other counter\nother_total{a="b"} 3\nother_bucket{le="1"} 2\nnutrisage_up 1\nno sample\n' +
      'nutrisage_retries_total +Inf\nnutrisage_thread_use_percent -Inf\nnutrisage_messages_total{shard="7"} 2\n';
    expect(parsePrometheus(text)).toEqual([
      { metric: 'Up', labels: {}, value: 1 },
      { metric: 'Retries', labels: {}, value: Number.POSITIVE_INFINITY },
      { metric: 'ThreadUse', labels: {}, value: Number.NEGATIVE_INFINITY },
      { metric: 'Messages', labels: {}, value: 2 },
    ]);
  });
});
