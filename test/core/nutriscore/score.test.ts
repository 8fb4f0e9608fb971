import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, type KindName, type PointTable } from '../../../core/nutriscore/rules.ts';
import { RULES_2021 } from '../../../core/nutriscore/rules-2021.ts';
import { RULES_2023 } from '../../../core/nutriscore/rules-2023.ts';
import {
  createScoreInput,
  createScoreParts,
  PROTEIN_REASONS,
  type ScoreInput,
  type ScoreParts,
  scoreInto,
  scoreItem,
} from '../../../core/nutriscore/score.ts';
import { GRADES, type Grade, type RulesVersion } from '../../../schemas/grade.ts';

const NOTHING: ScoreInput = {
  ...createScoreInput(),
  energyKj: 0,
  fat: 0,
  saturatedFat: 0,
  sugars: 0,
  salt: 0,
  fibre: 0,
  proteins: 0,
  fruitShare: 0,
};

function score(rules: RulesVersion, kind: KindName, values: Partial<ScoreInput>): Readonly<ScoreParts> {
  return scoreItem(rules, { ...NOTHING, kind: KINDS[kind], ...values });
}

describe('points at the boundaries of the published tables', () => {
  it.each([
    ['2023', 'food', 'energyKj', 335, 'energy', 0],
    ['2023', 'food', 'energyKj', 335.1, 'energy', 1],
    ['2021', 'food', 'energyKj', 335, 'energy', 0],
    ['2021', 'food', 'energyKj', 335.1, 'energy', 1],
    ['2021', 'food', 'energyKj', 335.04, 'energy', 0],
    ['2023', 'food', 'energyKj', 335.04, 'energy', 1],
    ['2021', 'food', 'sugars', 9.04, 'sugars', 1],
    ['2021', 'food', 'sugars', 9.05, 'sugars', 2],
    ['2021', 'food', 'sugars', 4.504, 'sugars', 0],
    ['2021', 'food', 'sugars', 4.505, 'sugars', 1],
    ['2021', 'food', 'saturatedFat', 1.03, 'saturatedFat', 0],
    ['2023', 'food', 'saturatedFat', 1.03, 'saturatedFat', 1],
    ['2021', 'food', 'saturatedFat', 1.05, 'saturatedFat', 1],
    ['2023', 'food', 'proteins', 2.4, 'proteins', 0],
    ['2023', 'food', 'proteins', 2.41, 'proteins', 1],
    ['2021', 'food', 'proteins', 8.04, 'proteins', 4],
    ['2021', 'food', 'proteins', 8.05, 'proteins', 5],
    ['2023', 'beverage', 'sugars', 10, 'sugars', 8],
    ['2023', 'food', 'sugars', 10, 'sugars', 2],
    ['2021', 'beverage', 'sugars', 0.04, 'sugars', 0],
    ['2021', 'beverage', 'sugars', 0.05, 'sugars', 1],
    ['2021', 'beverage', 'energyKj', 0, 'energy', 0],
    ['2021', 'beverage', 'energyKj', 1, 'energy', 1],
    ['2023', 'food', 'fruitShare', 40, 'fruitShare', 0],
    ['2023', 'food', 'fruitShare', 60, 'fruitShare', 1],
    ['2023', 'food', 'fruitShare', 80, 'fruitShare', 2],
    ['2023', 'food', 'fruitShare', 40.04, 'fruitShare', 0],
    ['2023', 'food', 'fruitShare', 40.05, 'fruitShare', 1],
    ['2023', 'food', 'fruitShare', 80.1, 'fruitShare', 5],
    ['2023', 'beverage', 'fruitShare', 80.1, 'fruitShare', 6],
    ['2021', 'beverage', 'fruitShare', 80.1, 'fruitShare', 10],
    ['2021', 'beverage', 'fruitShare', 60, 'fruitShare', 2],
    ['2021', 'food', 'fibre', 4.704, 'fibre', 4],
    ['2021', 'food', 'fibre', 4.705, 'fibre', 5],
    ['2023', 'food', 'fibre', 3, 'fibre', 0],
    ['2023', 'food', 'fibre', 3.01, 'fibre', 1],
    ['2023', 'food', 'salt', 0.8, 'salt', 3],
    ['2023', 'food', 'salt', 4.01, 'salt', 20],
    ['2021', 'food', 'salt', 0.225, 'salt', 0],
  ] as const)('%s %s: %s of %s has %s points %i', (rules, kind, nutrient, value, part, points) => {
    expect(score(rules, kind, { [nutrient]: value })[part]).toBe(points);
  });

  it.each(['2023', '2021'] as const)('gives a ratio of exactly 10 %% one point in %s', (rules) => {
    expect(score(rules, 'fat', { fat: 30, saturatedFat: 3 }).saturatedFat).toBe(1);
    expect(score(rules, 'fat', { fat: 30, saturatedFat: 2.97 }).saturatedFat).toBe(0);
  });

  it('rounds the ratio as decimals: 1.99 of 20 is 9.95 %, which rounds to 10', () => {
    expect(score('2023', 'fat', { fat: 20, saturatedFat: 1.99 }).saturatedFat).toBe(1);
  });

  it('rounds the ratio twice in 2021, as the calculator does', () => {
    const almost = { fat: 100, saturatedFat: 9.945 };
    expect(score('2021', 'fat', almost).saturatedFat).toBe(1);
    expect(score('2023', 'fat', almost).saturatedFat).toBe(0);
  });

  it.each([
    ['no saturated fat', 0, 0, 0],
    ['saturated fat absent', 10, Number.NaN, 0],
    ['saturated fat in no fat', 0, 2, 10],
    ['saturated fat, fat absent', Number.NaN, 2, 10],
  ])('reads the ratio of %s', (_, fat, saturatedFat, points) => {
    expect(score('2023', 'fat', { fat, saturatedFat }).saturatedFat).toBe(points);
  });

  it('takes the energy of fats from their saturated fat in 2023 and from all there is in 2021', () => {
    const oil = { energyKj: 3700, fat: 100, saturatedFat: 10 };
    expect(score('2023', 'fat', oil).energy).toBe(3);
    expect(score('2021', 'fat', oil).energy).toBe(10);
  });

  it('adds four points for a sweetener, in beverages of 2023 only', () => {
    const sweetened = { isSweetened: true };
    expect(score('2023', 'beverage', sweetened)).toMatchObject({ sweeteners: 4, unfavourable: 4, score: 4 });
    expect(score('2023', 'food', sweetened).sweeteners).toBe(0);
    expect(score('2021', 'beverage', sweetened).sweeteners).toBe(0);
  });

  it('caps the protein points of red meat at two in 2023', () => {
    expect(score('2023', 'redMeat', { proteins: 25 }).proteins).toBe(2);
    expect(score('2023', 'food', { proteins: 25 }).proteins).toBe(7);
    expect(score('2021', 'redMeat', { proteins: 25 }).proteins).toBe(5);
  });
});

describe('the protein rule', () => {
  it.each([
    [0, 10, true, 'fewer than 11'],
    [0.3, 11, false, '11 unfavourable points or more'],
  ])('counts protein of 2023 food: salt %f, N = %i', (salt, points, isCounted, reason) => {
    const parts = score('2023', 'food', { saturatedFat: 11, salt, proteins: 20 });
    expect(parts).toMatchObject({ unfavourable: points, isProteinCounted: isCounted });
    expect(PROTEIN_REASONS[parts.proteinReason]).toContain(reason);
    expect(parts.score).toBe(isCounted ? points - 7 : points);
  });

  it.each([
    [1.3, 6, true, 'fewer than 7'],
    [1.5, 7, false, '7 unfavourable points or more'],
  ])('counts protein of 2023 fats: salt %f, N = %i', (salt, points, isCounted, reason) => {
    const parts = score('2023', 'fat', { salt, proteins: 5 });
    expect(parts).toMatchObject({ unfavourable: points, isProteinCounted: isCounted });
    expect(PROTEIN_REASONS[parts.proteinReason]).toContain(reason);
  });

  it.each([
    ['2023', 'beverage', 'beverage'],
    ['2023', 'cheese', 'cheese'],
    ['2021', 'cheese', 'cheese'],
  ] as const)('always counts protein in %s %s', (rules, kind, reason) => {
    const parts = score(rules, kind, { sugars: 100, proteins: 20 });
    expect(parts.isProteinCounted).toBe(true);
    expect(PROTEIN_REASONS[parts.proteinReason]).toBe(`Protein always counts for a ${reason}.`);
  });

  it('counts protein at the most fruit points in 2021 and no longer in 2023', () => {
    const fruit = { saturatedFat: 11, sugars: 50, proteins: 20, fruitShare: 100 };
    const before = score('2021', 'food', fruit);
    expect(PROTEIN_REASONS[before.proteinReason]).toContain('most points possible');
    expect(before.isProteinCounted).toBe(true);
    expect(score('2023', 'food', fruit).isProteinCounted).toBe(false);
    expect(score('2021', 'food', { ...fruit, fruitShare: 70 }).isProteinCounted).toBe(false);
  });
});

/** A value with `points` points: a little above the threshold, beyond what rounding takes back. */
function valueWith(table: PointTable, points: number): number {
  const threshold = table.thresholds[points - 1];
  return threshold === undefined ? 0 : threshold / (table.perInput ?? 1) + 0.06;
}

/** A product with the given score: salt and sugars raise it, fibre and then fruit lower it. */
function productScoring(rules: RulesVersion, kind: KindName, target: number): Readonly<ScoreParts> {
  const tables = (rules === '2023' ? RULES_2023 : RULES_2021).kinds[kind];
  return score(rules, kind, {
    salt: valueWith(tables.salt, Math.min(Math.max(target, 0), 10)),
    sugars: valueWith(tables.sugars, Math.max(target - 10, 0)),
    fibre: valueWith(tables.fibre, Math.min(Math.max(-target, 0), 5)),
    fruitShare: target < -5 ? 50 : 0,
  });
}

describe('grades', () => {
  it.each([
    ['2023', 'food', { a: 0, b: 2, c: 10, d: 18 }],
    ['2023', 'cheese', { a: 0, b: 2, c: 10, d: 18 }],
    ['2023', 'redMeat', { a: 0, b: 2, c: 10, d: 18 }],
    ['2023', 'fat', { a: -6, b: 2, c: 10, d: 18 }],
    ['2023', 'beverage', { b: 2, c: 6, d: 9 }],
    ['2021', 'food', { a: -1, b: 2, c: 10, d: 18 }],
    ['2021', 'cheese', { a: -1, b: 2, c: 10, d: 18 }],
    ['2021', 'fat', { a: -1, b: 2, c: 10, d: 18 }],
    ['2021', 'beverage', { b: 1, c: 5, d: 9 }],
  ] as const)('cut %s %s at %o', (rules, kind, highest) => {
    for (const [letter, cutOff] of Object.entries(highest)) {
      const grade = GRADES.indexOf(letter as Grade);
      expect(productScoring(rules, kind, cutOff)).toMatchObject({ score: cutOff, grade });
      expect(productScoring(rules, kind, cutOff + 1)).toMatchObject({ score: cutOff + 1, grade: grade + 1 });
    }
  });

  it('are A for a score of 0 in 2023 and B in 2021', () => {
    expect(score('2023', 'food', {})).toMatchObject({ score: 0, grade: 0 });
    expect(score('2021', 'food', {})).toMatchObject({ score: 0, grade: 1 });
  });

  it.each(['2023', '2021'] as const)('are A for water and never A for another beverage in %s', (rules) => {
    expect(score(rules, 'water', { salt: 9 }).grade).toBe(0);
    expect(score(rules, 'beverage', {}).grade).toBe(1);
    expect(score(rules, 'beverage', { fruitShare: 100, fibre: 10, proteins: 10 }).grade).toBe(1);
  });
});

const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
const anyInput: fc.Arbitrary<ScoreInput> = fc.record({
  kind: fc.constantFrom(...Object.values(KINDS)),
  energyKj: amount(3800),
  fat: fc.constant(50),
  saturatedFat: amount(50),
  sugars: amount(100),
  salt: amount(10),
  fibre: amount(20),
  proteins: amount(40),
  fruitShare: amount(100),
  isSweetened: fc.boolean(),
});

describe.each(['2023', '2021'] as const)('the laws of the score, %s', (rules) => {
  it.each([
    ['energyKj', 1],
    ['saturatedFat', 1],
    ['sugars', 1],
    ['salt', 1],
    ['fibre', -1],
    ['fruitShare', -1],
  ] as const)('%s moves score and grade one way only', (nutrient, direction) => {
    fc.assert(
      fc.property(anyInput, amount(4000), (input, added) => {
        const before = scoreItem(rules, input);
        const after = scoreItem(rules, { ...input, [nutrient]: input[nutrient] + added });
        expect((after.score - before.score) * direction).toBeGreaterThanOrEqual(0);
        expect((after.grade - before.grade) * direction).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('more protein never raises the score', () => {
    fc.assert(
      fc.property(anyInput, amount(40), (input, added) => {
        const after = scoreItem(rules, { ...input, proteins: input.proteins + added });
        expect(after.score).toBeLessThanOrEqual(scoreItem(rules, input).score);
      }),
    );
  });

  it('a higher score of the same kind never has a better grade', () => {
    fc.assert(
      fc.property(anyInput, anyInput, (one, other) => {
        const left = scoreItem(rules, one);
        const right = scoreItem(rules, { ...other, kind: one.kind });
        if (left.score <= right.score) expect(left.grade).toBeLessThanOrEqual(right.grade);
        else expect(left.grade).toBeGreaterThanOrEqual(right.grade);
      }),
    );
  });

  it('the score is the sum of its parts', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const parts = scoreItem(rules, input);
        const { energy, sugars, saturatedFat, salt, sweeteners, fruitShare, fibre } = parts;
        expect(parts.unfavourable).toBe(energy + sugars + saturatedFat + salt + sweeteners);
        const proteins = parts.isProteinCounted ? parts.proteins : 0;
        expect(parts.score).toBe(parts.unfavourable - fruitShare - fibre - proteins);
      }),
    );
  });

  it('writes to a reused object what it returns as a fresh one', () => {
    const reused = createScoreParts();
    fc.assert(
      fc.property(anyInput, (input) => {
        scoreInto(rules, input, reused);
        expect(reused).toEqual(scoreItem(rules, input));
      }),
    );
  });
});
