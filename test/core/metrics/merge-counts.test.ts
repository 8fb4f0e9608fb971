import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeCounts } from '../../../core/metrics/merge-counts.ts';
import { createRegistry, type Registry } from '../../../core/metrics/registry.ts';

function fill(registry: Registry, seconds: readonly number[]): void {
  for (const one of seconds) {
    registry.add('RowsRead', Math.round(one));
    registry.add('RejectReasons', 1, { Reason: one > 1 ? 'value-negative' : 'missing-code' });
    registry.observe('StepTime', one, { Step: one > 1 ? 'read' : 'grade' });
  }
}

const ofAll = (parts: readonly (readonly number[])[]) =>
  parts.map((seconds) => {
    const registry = createRegistry('worker');
    fill(registry, seconds);
    registry.set('ThreadUse', 50);
    registry.tell('ModelVersion', { Version: 'a' });
    return registry.snapshot();
  });

describe('mergeCounts', () => {
  it('gives what one process would have counted', () => {
    // Whole seconds, so that no order of additions rounds otherwise.
    const seconds = fc.array(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(seconds, (parts) => {
        const one = createRegistry('worker');
        fill(one, parts.flat());
        const byKey = (series: { metric: string; labels: object }): string =>
          JSON.stringify([series.metric, series.labels]);
        const sorted = (snapshot: ReturnType<typeof mergeCounts>) =>
          snapshot.toSorted((left, right) => (byKey(left) < byKey(right) ? -1 : 1));
        expect(sorted(mergeCounts(ofAll(parts)))).toEqual(sorted(mergeCounts([one.snapshot()])));
      }),
    );
  });

  it('leaves out what can not be added', () => {
    const metrics = mergeCounts(ofAll([[2], [3]])).map(({ metric }) => metric);
    expect(metrics).toContain('RowsRead');
    expect(metrics).not.toContain('ThreadUse');
    expect(metrics).not.toContain('ModelVersion');
    expect(mergeCounts([])).toEqual([]);
  });
});
