import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPointScale, pointsOf } from '../../../core/nutriscore/points.ts';
import type { KindRules, PointTable } from '../../../core/nutriscore/rules.ts';
import { RULES_2021 } from '../../../core/nutriscore/rules-2021.ts';
import { RULES_2023 } from '../../../core/nutriscore/rules-2023.ts';

const TABLE_NAMES = ['energy', 'sugars', 'saturatedFat', 'salt', 'fruitShare', 'fibre', 'proteins'] as const;

function tablesOf(kinds: Readonly<Record<string, KindRules>>): (readonly [string, PointTable])[] {
  return Object.entries(kinds).flatMap(([kind, rules]) =>
    TABLE_NAMES.map((name) => [`${kind} ${name}`, rules[name]] as const),
  );
}

const TABLES = [
  ...tablesOf(RULES_2023.kinds).map(([name, table]) => [`2023 ${name}`, table] as const),
  ...tablesOf(RULES_2021.kinds).map(([name, table]) => [`2021 ${name}`, table] as const),
];

/** Units of 10^-8, in which every value and threshold here is an integer. */
const SCALE_DIGITS = 8;
const SCALE = 10n ** BigInt(SCALE_DIGITS);

function toUnits(decimal: number): bigint {
  const [whole, fraction = ''] = decimal.toFixed(SCALE_DIGITS).split('.');
  return BigInt(whole ?? '0') * SCALE + BigInt(fraction);
}

function roundHalfUp(units: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(SCALE_DIGITS - decimals);
  return ((units * 2n + step) / (step * 2n)) * step;
}

/** The published reading, in exact integers: round the value, then compare it with each threshold. */
function pointsByTheBook(table: PointTable, value: number): number {
  const units = toUnits(value) * BigInt(table.perInput ?? 1);
  let points = 0;
  table.thresholds.forEach((threshold, index) => {
    const { roundedTo, roundedBeforeTo } = table;
    const decimals = typeof roundedTo === 'object' ? roundedTo[index] : roundedTo;
    const before = roundedBeforeTo === undefined ? units : roundHalfUp(units, roundedBeforeTo);
    const rounded = decimals === undefined ? before : roundHalfUp(before, decimals);
    const limit = toUnits(threshold);
    const isPassed = table.comparison === '>' ? rounded > limit : rounded >= limit;
    if (isPassed) points = table.points?.[index] ?? index + 1;
  });
  return points;
}

/** Decimals of up to five digits at and around each threshold, where rounding decides. */
function decimalsNear(table: PointTable): fc.Arbitrary<number> {
  return fc
    .record({
      threshold: fc.constantFrom(...table.thresholds),
      offset: fc.integer({ min: -20_000, max: 20_000 }),
      digits: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ threshold, offset, digits }) => {
      const decimal = Number(threshold / (table.perInput ?? 1) + offset / 10 ** (digits + 4));
      return Math.max(0, Number(decimal.toFixed(5)));
    });
}

describe('points of a value', () => {
  it.each(TABLES)('are those of exact decimal arithmetic: %s', (_, table) => {
    const scale = createPointScale(table);
    fc.assert(
      fc.property(decimalsNear(table), (value) => {
        expect(pointsOf(scale, value)).toBe(pointsByTheBook(table, value));
      }),
    );
  });

  it.each(TABLES)('never fall as the value rises: %s', (_, table) => {
    const scale = createPointScale(table);
    const value = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(pointsOf(scale, less)).toBeLessThanOrEqual(pointsOf(scale, more));
      }),
    );
  });

  it.each(TABLES)('are none where the value is absent and all for infinity: %s', (_, table) => {
    const scale = createPointScale(table);
    expect(pointsOf(scale, Number.NaN)).toBe(0);
    expect(pointsOf(scale, Number.POSITIVE_INFINITY)).toBe(scale.pointsMax);
    expect(scale.pointsMax).toBe(table.points?.at(-1) ?? table.thresholds.length);
  });

  it('round halves up where binary arithmetic would not: 1.005 and its like', () => {
    const scale = createPointScale({ unit: 'g', comparison: '>', thresholds: [1], roundedTo: 2 });
    expect([1.0049, 1.005, 1.015].map((value) => pointsOf(scale, value))).toEqual([0, 1, 1]);
  });

  it('compare with a threshold itself where nothing is rounded', () => {
    const atLeast = createPointScale({ unit: '%', comparison: '>=', thresholds: [10] });
    const above = createPointScale({ unit: '%', comparison: '>', thresholds: [10] });
    expect([9.999, 10].map((value) => pointsOf(atLeast, value))).toEqual([0, 1]);
    expect([10, 10.000000000000002].map((value) => pointsOf(above, value))).toEqual([0, 1]);
  });

  it('read 0.225 g of salt as exactly 90 mg of sodium', () => {
    const scale = createPointScale(RULES_2021.kinds.food.salt);
    expect((0.225 / 2.5) * 1000).toBeCloseTo(90);
    expect([0.225, 0.225124, 0.225125].map((value) => pointsOf(scale, value))).toEqual([0, 0, 1]);
  });

  it('give k x 0.2 g of salt k - 1 points in 2023, for k from 1 to 20', () => {
    const scale = createPointScale(RULES_2023.kinds.food.salt);
    for (let k = 1; k <= 20; k += 1) {
      expect(pointsOf(scale, Number((k * 0.2).toFixed(1)))).toBe(k - 1);
      expect(pointsOf(scale, Number((k * 0.2 + 0.01).toFixed(2)))).toBe(k);
    }
  });
});
