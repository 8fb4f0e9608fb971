import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributionsOf } from '../../../core/features/contributions.ts';
import {
  FEATURE_NAMES,
  FEATURES,
  type FeatureName,
  featureIndex,
} from '../../../core/features/feature-table.ts';
import { featureWords } from '../../../core/features/feature-words.ts';
import { foodGroupIndex } from '../../../core/nutriscore/food-groups.ts';
import { GRADES } from '../../../schemas/grade.ts';
import { Contribution } from '../../../schemas/http.ts';
import { createParser } from '../../../schemas/parse.ts';

const WIDTH = FEATURES.length + 1;

/** Log-odds that a feature adds, grade by grade; nothing of the others. */
function added(moves: Partial<Record<FeatureName, readonly number[]>>): Float64Array {
  const values = new Float64Array(GRADES.length * WIDTH);
  for (const [name, perGrade] of Object.entries(moves)) {
    perGrade.forEach((value, grade) => {
      values[grade * WIDTH + featureIndex(name as FeatureName)] = value;
    });
  }
  return values;
}

function features(given: Partial<Record<FeatureName, number>>): Float32Array {
  return Float32Array.from(FEATURE_NAMES, (name) => given[name] ?? Number.NaN);
}

describe('the contributions to a grade', () => {
  it('tell toward which grade each feature pushes, the strongest first', () => {
    const moves = { sugars: [-1, -1, -1, 0, 3], fibre: [0.5, 0.1, 0, 0, 0] };
    const [first, second, ...rest] = contributionsOf(features({ sugars: 32 }), added(moves));
    expect(first).toMatchObject({
      feature: 'sugars',
      text: 'sugars 32 g: pushes toward E',
      value: 32,
      toward: 'e',
    });
    expect(second).toMatchObject({
      feature: 'fibre',
      text: 'fibre not known: pushes toward A',
      value: null,
      toward: 'a',
    });
    expect(rest).toEqual([]);
  });

  it('take away what a feature adds to all grades alike', () => {
    expect(contributionsOf(features({}), added({ salt: [2, 2, 2, 2, 2] }))).toEqual([]);
    const [salt] = contributionsOf(features({}), added({ salt: [2, 2, 2, 2, 7] }));
    expect(salt?.logOdds).toEqual({ a: -1, b: -1, c: -1, d: -1, e: 4 });
  });

  it('have shares that add up to one, but for what is too little to tell', () => {
    const parser = createParser('contribution', Contribution);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 5 * WIDTH, maxLength: 5 * WIDTH }),
        (values) => {
          const told = contributionsOf(features({}), Float64Array.from(values));
          for (const one of told) parser.parse(one);
          const sum = told.reduce((total, { share }) => total + share, 0);
          expect(told.length === 0 || sum > 0.85).toBe(true);
          expect(sum).toBeLessThanOrEqual(1.002);
          expect(told.map(({ share }) => share)).toEqual(
            told.map(({ share }) => share).sort((a, b) => b - a),
          );
        },
      ),
    );
  });
});

describe('a feature in words', () => {
  it.each<[FeatureName, number, string]>([
    ['energy_kj', 2252, 'energy 2252 kJ'],
    ['salt', 0.10700000077486038, 'salt 0.11 g'],
    ['saturated_ratio', 34.3, 'saturated fat 34.3 % of all fat'],
    ['unfavourable_points', 8, 'energy, sugars, saturated fat and salt together 8 points'],
    ['fibre', Number.NaN, 'fibre not known'],
    ['saturated_ratio', Number.NaN, 'saturated fat of all fat not known'],
    ['is_beverage', 1, 'a beverage'],
    ['is_beverage', 0, 'no beverage'],
    ['is_beverage', Number.NaN, 'a beverage or not: category not known'],
    ['food_group', foodGroupIndex('sweets'), 'food group sweets'],
    ['food_group', Number.NaN, 'food group not known'],
  ])('%s %d is "%s"', (name, value, words) => {
    expect(featureWords(featureIndex(name), value)).toBe(words);
  });

  it('is said of every feature, known and not known', () => {
    for (const index of FEATURES.keys()) {
      for (const value of [0, 1, Number.NaN]) expect(featureWords(index, value)).toMatch(/^[a-z][^{}]+$/);
    }
  });
});
