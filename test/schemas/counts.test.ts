import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRowCounts, RowCounts, zeroRowCounts } from '../../schemas/counts.ts';
import { createParser } from '../../schemas/parse.ts';

const parser = createParser('row counts', RowCounts);

const count = fc.nat(1_000_000);
const byCode = fc.dictionary(fc.constantFrom('missing-code', 'salt-above-100', 'a', 'z', '__proto__'), count);
const counts: fc.Arbitrary<RowCounts> = fc.record({
  rows: count,
  graded: count,
  rejected: count,
  official: count,
  model: count,
  provisional: count,
  compared: count,
  agreed: count,
  grades: fc.record({ a: count, b: count, c: count, d: count, e: count }),
  rejectReasons: byCode,
  warnings: byCode,
});

/** Bytes, not values: the summary of a job must not depend on the order of its shards. */
const bytes = (value: RowCounts): string => JSON.stringify(value);

describe('merging counts', () => {
  it('adds every count', () => {
    const one: RowCounts = {
      rows: 10,
      graded: 8,
      rejected: 2,
      official: 5,
      model: 3,
      provisional: 1,
      compared: 5,
      agreed: 4,
      grades: { a: 1, b: 2, c: 3, d: 1, e: 1 },
      rejectReasons: { 'missing-code': 2 },
      warnings: { 'energy-mismatch': 1 },
    };
    const twice = mergeRowCounts([one, one]);
    expect(twice).toEqual({
      rows: 20,
      graded: 16,
      rejected: 4,
      official: 10,
      model: 6,
      provisional: 2,
      compared: 10,
      agreed: 8,
      grades: { a: 2, b: 4, c: 6, d: 2, e: 2 },
      rejectReasons: { 'missing-code': 4 },
      warnings: { 'energy-mismatch': 2 },
    });
  });

  it('gives nothing for nothing', () => {
    expect(mergeRowCounts([])).toEqual(zeroRowCounts());
    expect(parser.matches(zeroRowCounts())).toBe(true);
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        expect(bytes(mergeRowCounts([left, right]))).toBe(bytes(mergeRowCounts([right, left])));
      }),
    );
  });

  it('does not depend on what is merged first', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        const all = bytes(mergeRowCounts([a, b, c]));
        expect(bytes(mergeRowCounts([mergeRowCounts([a, b]), c]))).toBe(all);
        expect(bytes(mergeRowCounts([a, mergeRowCounts([b, c])]))).toBe(all);
      }),
    );
  });

  it('changes nothing when nothing is added', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const merged = mergeRowCounts([given, zeroRowCounts()]);
        expect(merged).toEqual(mergeRowCounts([given]));
        expect(merged.rows).toBe(given.rows);
        expect(merged.rejectReasons).toEqual(given.rejectReasons);
      }),
    );
  });

  it('changes none of what it is given', () => {
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        const before = [bytes(left), bytes(right)];
        mergeRowCounts([left, right]);
        expect([bytes(left), bytes(right)]).toEqual(before);
      }),
    );
  });
});
