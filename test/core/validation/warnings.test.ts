import { describe, expect, it } from 'vitest';
import { codesOf, WARNING_CODES, type WarningCode } from '../../../core/validation/codes.ts';
import { validate } from '../../../core/validation/validate.ts';
import { columnsOf, PLAIN, type RowValues } from './rows.ts';

const ABSENT = Number.NaN;

function warningsOf(rows: readonly RowValues[]): WarningCode[][] {
  const items = validate(columnsOf(rows.map((values) => ({ ...PLAIN, ...values }))));
  return Array.from(items.warnings, (mask) => codesOf(WARNING_CODES, mask));
}

const ZEROS: RowValues = {
  energyKj: 0,
  fat: 0,
  saturatedFat: 0,
  carbohydrates: 0,
  sugars: 0,
  fibre: 0,
  proteins: 0,
  salt: 0,
};

/** Changes to a plain row, and the warnings they raise. */
const CASES: readonly (readonly [string, RowValues, readonly WarningCode[]])[] = [
  ['a plain row', {}, []],
  ['no category', { roles: [] }, ['category-unknown']],
  ['a category graded as prepared', { roles: ['known', 'asPreparedOnly'] }, ['values-as-sold']],
  ['computed energy at 0.85 less 5', { energyKj: (955 + 5) / 0.85 }, []],
  ['computed energy below 0.85', { energyKj: (955 + 5) / 0.85 + 1 }, ['energy-may-not-match-computed']],
  ['computed energy above 1.15', { energyKj: (955 - 5) / 1.15 - 1 }, ['energy-may-not-match-computed']],
  ['two values of 5', { sugars: 5, saturatedFat: 5 }, []],
  ['three values of 5', { sugars: 5, saturatedFat: 5, fibre: 5 }, ['identical-values']],
  ['three values of 1', { sugars: 1, saturatedFat: 1, fibre: 1 }, []],
  ['zeros', ZEROS, ['all-values-zero']],
  ['zeros but for salt', { ...ZEROS, salt: 0.2 }, []],
  ['salt of 0.0009', { salt: 0.0009 }, ['salt-under-0-001-g']],
  ['salt of 0.001', { salt: 0.001 }, ['salt-under-0-01-g']],
  ['salt of 0.01', { salt: 0.01 }, ['salt-under-0-1-g']],
  ['salt of 0.1', { salt: 0.1 }, []],
  ['no salt', { salt: 0 }, []],
  ['fibre absent', { fibre: ABSENT }, ['fibre-absent']],
  ['fruit share absent', { fruitShare: ABSENT }, ['fruit-share-absent']],
];

describe('warnings', () => {
  it.each(CASES)('%s', (_, change, codes) => {
    expect(warningsOf([change])).toEqual([codes]);
  });

  it('are each shown by at least one case', () => {
    // Duplicates are no matter of one row: see duplicate-codes.test.ts.
    const shown = new Set(CASES.flatMap(([, , codes]) => codes).concat('duplicate-code'));
    expect(WARNING_CODES.filter((code) => !shown.has(code))).toEqual([]);
  });
});
