import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { createRegistry, type Snapshot } from '../../../core/metrics/registry.ts';
import { type EmfContext, renderEmf } from '../../../core/metrics/render-emf.ts';
import { createParser } from '../../../schemas/parse.ts';

const CONTEXT: EmfContext = {
  namespace: 'NutriSage',
  service: 'worker',
  timestamp: 1_795_679_524_659,
  properties: { worker: 'worker-1' },
};

/** What the specification asks of a document; lengths and the list of units too. */
const Name = Type.String({ minLength: 1, maxLength: 255 });
const documentParser = createParser(
  'the document',
  Type.Object({
    _aws: Type.Object(
      {
        Timestamp: Type.Integer(),
        CloudWatchMetrics: Type.Array(
          Type.Object(
            {
              Namespace: Name,
              Dimensions: Type.Array(Type.Array(Name, { maxItems: 30 }), { minItems: 1 }),
              Metrics: Type.Array(
                Type.Object({
                  Name,
                  Unit: Type.String({ pattern: '^(Seconds|Percent|Count|Bytes|None)$' }),
                }),
                { minItems: 1, maxItems: 100 },
              ),
            },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
  }),
);

interface Document {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

function documentsOf(snapshot: Snapshot): Document[] {
  return renderEmf(snapshot, CONTEXT).map((line) => {
    expect(line).not.toContain('\n');
    const document = JSON.parse(line) as Document;
    documentParser.parse(document);
    for (const { Dimensions, Metrics } of document._aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat()) expect(typeof document[name]).toBe('string');
      for (const metric of Metrics) expect(document).toHaveProperty([metric.Name]);
    }
    return document;
  });
}

describe('the embedded metric format', () => {
  it('has the metrics without dimensions in one document, with what is searched by beside them', () => {
    const registry = createRegistry('worker');
    registry.add('RowsRead', 65_536);
    registry.set('ThreadUse', 87.5);
    registry.tell('ModelVersion', { Version: 'fedcba9876543210' });
    const [document, ...others] = documentsOf(registry.snapshot());
    expect(others).toEqual([]);
    expect(document).toMatchObject({
      Service: 'worker',
      worker: 'worker-1',
      modelVersion: 'fedcba9876543210',
      RowsRead: 65_536,
      ThreadUse: 87.5,
      // Told at 0 too: an alarm that hears nothing does not know that all is well.
      Retries: 0,
    });
    expect(document?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Service']]);
    const names = document?._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name: name }) => name);
    expect(names).not.toContain('ModelVersion');
  });

  it('has a document for each set of labels, counted with and without them', () => {
    const registry = createRegistry('worker');
    registry.add('RejectReasons', 3, { Reason: 'missing-code' });
    registry.add('RejectReasons', 0, { Reason: 'value-negative' });
    registry.add('DriftingFeatures', 2, { Verdict: 'major' });
    const labelled = documentsOf(registry.snapshot()).slice(1);
    expect(labelled).toHaveLength(2);
    expect(labelled[0]).toMatchObject({ Reason: 'missing-code', RejectReasons: 3 });
    expect(labelled[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Service'], ['Service', 'Reason']]);
    expect(labelled[1]).toMatchObject({ Verdict: 'major', DriftingFeatures: 2 });
  });

  it('has histograms as values and counts, whose sum is exact', () => {
    const registry = createRegistry('worker');
    for (const seconds of [0.3, 0.4, 0.45, 7, 900]) registry.observe('JobTime', seconds);
    const [document] = documentsOf(registry.snapshot()).filter((one) => 'JobTime' in one);
    const { Values, Counts, Sum, Count, Min, Max } = (document?.['JobTime'] ?? {}) as Record<
      string,
      number[]
    >;
    expect(Counts).toEqual([3, 1, 1]);
    expect(Values?.[0]).toBeCloseTo(1.15 / 3, 12);
    expect(Values?.slice(1)).toEqual([7, 900]);
    expect([Count, Min, Max]).toEqual([5, Values?.[0], 900]);
    expect(Sum).toBeCloseTo(0.3 + 0.4 + 0.45 + 7 + 900, 9);
  });

  it('leaves out histograms that nothing was put into', () => {
    const registry = createRegistry('worker');
    registry.observe('JobTime', 1);
    const still = registry
      .snapshot()
      .map((series) => ('counts' in series ? { ...series, counts: series.counts.map(() => 0) } : series));
    expect(documentsOf(still).some((document) => 'JobTime' in document)).toBe(false);
  });

  it('has no more than 100 metrics in a document', () => {
    const many: Snapshot = Array.from({ length: 230 }, () => ({
      metric: 'RowsRead' as const,
      labels: {},
      value: 1,
    }));
    const counts = documentsOf(many).map(({ _aws }) => _aws.CloudWatchMetrics[0]?.Metrics.length);
    expect(counts).toEqual([100, 100, 30]);
  });
});
