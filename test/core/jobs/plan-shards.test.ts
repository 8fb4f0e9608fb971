import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planShards } from '../../../core/jobs/plan-shards.ts';

const groupsOf = (...rows: number[]) => rows.map((count) => ({ rows: count }));

describe('planShards', () => {
  it('gathers row groups up to the size asked for', () => {
    expect(planShards(groupsOf(40, 40, 40, 40, 40), 100)).toEqual([
      { first: 0, count: 2, rows: 80, firstRow: 0 },
      { first: 2, count: 2, rows: 80, firstRow: 80 },
      { first: 4, count: 1, rows: 40, firstRow: 160 },
    ]);
  });

  it('makes a group that is larger than a shard one by itself', () => {
    expect(planShards(groupsOf(10, 500, 10), 100).map(({ first, count }) => [first, count])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  it('lets an empty group go with its neighbour', () => {
    expect(planShards(groupsOf(0, 100, 0, 100, 0), 100)).toEqual([
      { first: 0, count: 3, rows: 100, firstRow: 0 },
      { first: 3, count: 2, rows: 100, firstRow: 100 },
    ]);
  });

  it('plans nothing where there are no rows', () => {
    expect(planShards([], 100)).toEqual([]);
    expect(planShards(groupsOf(0, 0), 100)).toEqual([]);
  });

  it('refuses a size that is no positive integer', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(() => planShards(groupsOf(1), size)).toThrow('shardRows must be a positive integer');
    }
  });

  it('covers every row exactly once, in order, and keeps to the size', () => {
    const anyRows = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })), { maxLength: 60 });
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 500 }), (rows, shardRows) => {
        const shards = planShards(groupsOf(...rows), shardRows);
        let nextGroup = 0;
        let nextRow = 0;
        for (const shard of shards) {
          const ofShard = rows.slice(shard.first, shard.first + shard.count);
          expect(shard.first).toBe(nextGroup);
          expect(shard.firstRow).toBe(nextRow);
          expect(shard.rows).toBe(ofShard.reduce((sum, count) => sum + count, 0));
          expect(shard.rows).toBeGreaterThan(0);
          const isOneGroup = ofShard.filter((count) => count > 0).length === 1;
          expect(shard.rows <= shardRows || isOneGroup).toBe(true);
          nextGroup += shard.count;
          nextRow += shard.rows;
        }
        expect(nextRow).toBe(rows.reduce((sum, count) => sum + count, 0));
        if (shards.length > 0) expect(nextGroup).toBe(rows.length);
      }),
    );
  });
});
