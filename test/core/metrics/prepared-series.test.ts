import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/metrics/registry.ts';

describe('a series that is looked up once', () => {
  it('is the one that is looked up each time', () => {
    const registry = createRegistry('endpoint');
    const graded = registry.counter('RowsGraded', { Source: 'model' });
    const seconds = registry.histogram('RequestTime', { Route: '/grade' });
    graded(2);
    registry.add('RowsGraded', 3, { Source: 'model' });
    seconds(0.001);
    registry.observe('RequestTime', 0.0015, { Route: '/grade' });
    const snapshot = registry.snapshot();
    expect(snapshot.find(({ metric }) => metric === 'RowsGraded')).toMatchObject({ value: 5 });
    expect(snapshot.find(({ metric }) => metric === 'RequestTime')).toMatchObject({
      counts: expect.arrayContaining([1, 1]),
    });
  });

  it('shrinks no more than others do', () => {
    expect(() => createRegistry('endpoint').counter('RequestsShed')(-1)).toThrow(
      /RequestsShed can not grow by -1/,
    );
  });
});
