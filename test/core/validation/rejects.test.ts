import { describe, expect, it } from 'vitest';
import { codesOf, REJECT_CODES, type RejectCode } from '../../../core/validation/codes.ts';
import { validate } from '../../../core/validation/validate.ts';
import { columnsOf, PLAIN, type RowValues } from './rows.ts';

const ABSENT = Number.NaN;

function rejectsOf(values: RowValues): RejectCode[] {
  return codesOf(REJECT_CODES, validate(columnsOf([values])).rejects[0] ?? 0);
}

/** Changes to a plain row, and what they are rejected for. */
const CASES: readonly (readonly [string, RowValues, readonly RejectCode[]])[] = [
  ['a plain row', {}, []],
  ['an empty code', { code: '' }, ['missing-code']],
  ['a code of spaces', { code: '   ' }, ['missing-code']],
  ['a code of a tab and a NUL', { code: '\t\u0000' }, ['missing-code']],
  ['a code of 257 spaces', { code: ' '.repeat(257) }, ['missing-code']],
  ['a code with a space', { code: ' 7 ' }, []],
  ['a code that is a dash', { code: '-' }, []],
  ['a code of 256 bytes', { code: '7'.repeat(256) }, []],
  ['a code of 257 bytes', { code: '7'.repeat(257) }, ['code-too-long']],
  ['a code of one zero', { code: '0' }, []],
  ['plus infinity', { sugars: Number.POSITIVE_INFINITY }, ['value-not-finite']],
  ['minus infinity', { fruitShare: Number.NEGATIVE_INFINITY }, ['value-not-finite']],
  ['an infinite energy', { energyKj: Number.POSITIVE_INFINITY }, ['value-not-finite']],
  ['a negative nutrient', { salt: -0.1 }, ['value-negative']],
  ['a negative energy', { energyKcal: -1 }, ['value-negative']],
  ['minus zero', { salt: -0 }, []],
  ['a fruit share of 105', { fruitShare: 105 }, []],
  ['a fruit share above 105', { fruitShare: 105.1 }, ['value-over-105']],
  ['1000 of a nutrient', { fruitShare: 1000 }, ['value-over-105']],
  ['more than 1000', { fruitShare: 1000.1 }, ['value-over-105', 'value-over-1000']],
  ['a total of 105', { fat: 60, carbohydrates: 25, proteins: 15, salt: 5, energyKj: 2900 }, []],
  [
    'a total that is 105 but for float noise',
    { fat: 60.1, carbohydrates: 25.3, proteins: 19.5, salt: 0.1, energyKj: 2990 },
    [],
  ],
  [
    'a total just above 105',
    { fat: 60.2, carbohydrates: 25.3, proteins: 19.5, salt: 0.1, energyKj: 2990 },
    ['total-over-105'],
  ],
  [
    'a total above 1000',
    { salt: 999, energyKj: ABSENT },
    ['value-over-105', 'total-over-105', 'total-over-1000'],
  ],
  ['3800 kJ', { energyKj: 3800, fat: 99, saturatedFat: 10, carbohydrates: 0, sugars: 0, proteins: 0 }, []],
  [
    'more than 3800 kJ',
    { energyKj: 3800.5, fat: 99, saturatedFat: 10, carbohydrates: 0, sugars: 0, proteins: 0 },
    ['energy-over-3800-kj'],
  ],
  ['sugars equal to carbohydrates', { sugars: 25 }, []],
  ['sugars above carbohydrates within the tolerance', { sugars: 25.001 }, []],
  ['sugars above carbohydrates', { sugars: 25.0011 }, ['sugars-and-starch-over-carbohydrates']],
  ['starch and sugars that fill carbohydrates', { sugars: 5, starch: 20 }, []],
  ['starch and sugars above carbohydrates', { starch: 20.1 }, ['sugars-and-starch-over-carbohydrates']],
  [
    'starch alone above carbohydrates',
    { sugars: ABSENT, starch: 26 },
    ['sugars-and-starch-over-carbohydrates'],
  ],
  ['sugars without carbohydrates', { carbohydrates: ABSENT, sugars: 80 }, []],
  ['saturated fat equal to fat', { saturatedFat: 10 }, []],
  ['saturated fat above fat within the tolerance', { saturatedFat: 10.001 }, []],
  ['saturated fat above fat', { saturatedFat: 10.002 }, ['saturated-fat-over-fat']],
  ['saturated fat without fat', { fat: ABSENT, saturatedFat: 50 }, []],
  ['sugar parts that fill sugars', { fructose: 1, glucose: 1, maltose: 1, lactose: 1, sucrose: 1 }, []],
  ['sugar parts with float noise', { sugars: 0.3, fructose: 0.1, glucose: 0.2 }, []],
  ['sugar parts above sugars', { lactose: 5.1 }, ['sugar-parts-over-sugars']],
  ['fibre parts within the tolerance', { solubleFibre: 1, insolubleFibre: 2.01 }, []],
  ['fibre parts above fibre', { solubleFibre: 1, insolubleFibre: 2.02 }, ['fibre-parts-over-fibre']],
  ['kcal that fit kJ', { energyKcal: 239 }, []],
  ['0 kcal and 0 kJ', zeroEnergy(0, 0), []],
  ['0 kcal and 2 kJ', zeroEnergy(2, 0), []],
  [
    'kcal above kJ, reversed',
    { energyKj: 239, energyKcal: 1000 },
    ['energy-kcal-over-kj', 'energy-kcal-kj-reversed', 'energy-kcal-kj-mismatch', 'energy-not-as-computed'],
  ],
  ['kJ at the lower end of the band', { energyKj: 3.7 * 250 - 2, energyKcal: 250 }, []],
  ['kJ below the band', { energyKj: 922, energyKcal: 250 }, ['energy-kcal-kj-mismatch']],
  ['kJ at the upper end of the band', { energyKj: 4.7 * 230 + 2, energyKcal: 230 }, []],
  ['kJ above the band', { energyKj: 1084, energyKcal: 230 }, ['energy-kcal-kj-mismatch']],
  ['computed energy at 0.7 of the declared less 5', energyOf(1000, 695), []],
  ['computed energy below 0.7', energyOf(1000, 694), ['energy-not-as-computed']],
  ['computed energy at 1.3 of the declared and 5', energyOf(1000, 1305), []],
  ['computed energy above 1.3', energyOf(1000, 1306), ['energy-not-as-computed']],
  ['an energy of 55 that nutrients do not give', energyOf(55, 0), []],
  ['an energy above 55 that nutrients do not give', energyOf(56, 0), ['energy-not-as-computed']],
  ['an energy of 5 where nutrients give 1700', energyOf(5, 1700), ['energy-not-as-computed']],
  ['a mismatch with alcohol', { ...energyOf(1000, 100), alcohol: 12 }, []],
  ['a mismatch with no alcohol', { ...energyOf(1000, 100), alcohol: 0 }, ['energy-not-as-computed']],
  ['a mismatch without fat', { ...energyOf(1000, 100), fat: ABSENT }, []],
  ['lemon juice', { ...energyOf(120, 42), roles: ['known', 'juice'] }, []],
  [
    'a juice of ten times its energy',
    { ...energyOf(1900, 190), roles: ['known', 'juice'] },
    ['energy-not-as-computed'],
  ],
  ['polyols, counted at 10', { ...energyOf(600, 1020), polyols: 60, sugars: 0 }, []],
  ['erythritol, counted at 0', { ...energyOf(0, 1020), erythritol: 60, sugars: 0 }, []],
  ['four values of 5', identical(5), ['values-all-identical']],
  ['four values of 1', identical(1), []],
  ['three values of 5', { energyKj: ABSENT, ...only({ fat: 5, sugars: 5, salt: 5 }) }, []],
  ['no nutrient', only({}), ['nothing-to-grade']],
  ['a fruit share alone', only({ fruitShare: 50 }), ['nothing-to-grade']],
  ['salt alone', only({ salt: 1 }), []],
  ['water without nutrients', { ...only({}), roles: ['known', 'beverage', 'springWater'] }, []],
  [
    'flavoured water without nutrients',
    { ...only({}), roles: ['known', 'beverage', 'springWater', 'flavouredWater'] },
    ['nothing-to-grade'],
  ],
  ['a category without a grade', { roles: ['known', 'notApplicable'] }, ['category-not-graded']],
];

/** Every main value absent but for the given ones. */
function only(values: RowValues): RowValues {
  const absent = Object.fromEntries(
    Object.keys(PLAIN)
      .filter((name) => name !== 'roles')
      .map((name) => [name, ABSENT]),
  );
  return { ...absent, ...values };
}

function zeroEnergy(energyKj: number, energyKcal: number): RowValues {
  return only({ energyKj, energyKcal, fat: 0, carbohydrates: 0, proteins: 0 });
}

/** A row that declares one energy and whose carbohydrates give another, in kJ. */
function energyOf(energyKj: number, computedKj: number): RowValues {
  return only({ energyKj, fat: 0, proteins: 0, carbohydrates: computedKj / 17 });
}

function identical(value: number): RowValues {
  return only({ fat: value, saturatedFat: value, sugars: value, fibre: value });
}

describe('rejects', () => {
  it.each(CASES)('%s', (_, change, codes) => {
    expect(rejectsOf({ ...PLAIN, ...change })).toEqual(codes);
  });

  it('are each shown by at least one case', () => {
    const shown = new Set(CASES.flatMap(([, , codes]) => codes));
    expect(REJECT_CODES.filter((code) => !shown.has(code))).toEqual([]);
  });
});
