import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nutrient } from '../../../core/items/nutrients.ts';
import { categoryFacts } from '../../../core/nutriscore/category-facts.ts';
import { CATEGORY_ROLES, type CategoryRole, rolesOf } from '../../../core/nutriscore/category-roles.ts';
import {
  OFFICIAL_STATUS,
  officialGradeAt,
  officialGrades,
} from '../../../core/nutriscore/official-grades.ts';
import { createScoreInput, scoreItem } from '../../../core/nutriscore/score.ts';
import { GRADES, NO_GRADE, type RulesVersion } from '../../../schemas/grade.ts';
import { OfficialGrade } from '../../../schemas/http.ts';
import { createParser } from '../../../schemas/parse.ts';
import { columnsOf, PLAIN, type RowValues } from '../validation/rows.ts';

const ABSENT = Number.NaN;
const { none, final, provisional } = OFFICIAL_STATUS;

function gradeOf(values: RowValues, rules: RulesVersion = '2023') {
  const { status, grade, score } = officialGrades(columnsOf([values]), rules);
  return { status: status[0], grade: grade[0], score: score[0] };
}

const NO_OFFICIAL_GRADE = { status: none, grade: NO_GRADE, score: 0 };

describe('what an official grade needs', () => {
  it('is given by a complete row: 1000 kJ 2 points, saturated fat 3, sugars 1, salt 2, protein 3', () => {
    expect(gradeOf(PLAIN)).toEqual({ status: final, grade: 2, score: 5 });
  });

  it.each(['energyKj', 'fat', 'saturatedFat', 'sugars', 'salt', 'proteins'] as const)(
    'is missing without %s',
    (nutrient) => {
      expect(gradeOf({ ...PLAIN, [nutrient]: ABSENT })).toEqual(NO_OFFICIAL_GRADE);
    },
  );

  it('is missing without a category', () => {
    expect(gradeOf({ ...PLAIN, roles: [] })).toEqual(NO_OFFICIAL_GRADE);
    expect(gradeOf({ ...PLAIN, roles: ['beverage'] })).toEqual(NO_OFFICIAL_GRADE);
  });

  it.each<CategoryRole>(['notApplicable', 'asPreparedOnly'])(
    'is missing in a category that is %s',
    (role) => {
      expect(gradeOf({ ...PLAIN, roles: ['known', role] })).toEqual(NO_OFFICIAL_GRADE);
    },
  );

  it('exempts honey from the rules of 2021 only', () => {
    const honey: RowValues = { ...PLAIN, roles: ['known', 'notApplicableIn2021'] };
    expect(gradeOf(honey, '2021')).toEqual(NO_OFFICIAL_GRADE);
    expect(gradeOf(honey, '2023').status).toBe(final);
  });

  it('takes absent saturated fat as 0 where fat is 0', () => {
    const fatless = { ...PLAIN, fat: 0 };
    expect(gradeOf({ ...fatless, saturatedFat: ABSENT })).toEqual(gradeOf({ ...fatless, saturatedFat: 0 }));
  });

  it('takes absent sugars as 0 where carbohydrates are 0', () => {
    const sugarless = { ...PLAIN, carbohydrates: 0 };
    expect(gradeOf({ ...sugarless, sugars: ABSENT })).toEqual(gradeOf({ ...sugarless, sugars: 0 }));
  });

  it('is A for water of which nothing is declared', () => {
    const water: RowValues = { roles: ['known', 'beverage', 'springWater'] };
    expect(gradeOf(water)).toEqual({ status: final, grade: 0, score: 0 });
    expect(gradeOf({ roles: ['known', 'beverage', 'springWater', 'flavouredWater'] }).status).toBe(none);
  });

  it('never makes flavoured water without sugars an A', () => {
    const nothing = { energyKj: 0, fat: 0, saturatedFat: 0, sugars: 0, salt: 0, proteins: 0, fibre: 0 };
    const flavoured: RowValues = {
      ...nothing,
      fruitShare: 0,
      roles: ['known', 'beverage', 'springWater', 'flavouredWater'],
    };
    expect([gradeOf(flavoured, '2023').grade, gradeOf(flavoured, '2021').grade]).toEqual([1, 1]);
  });
});

describe('absent fibre and fruit share', () => {
  it('have no points in what is reported', () => {
    const reported = gradeOf({ ...PLAIN, fibre: ABSENT, fruitShare: ABSENT });
    expect(reported).toMatchObject({ grade: 2, score: 5 });
  });

  it('leave a grade final that they cannot change', () => {
    const sweet: RowValues = { ...PLAIN, sugars: 60, saturatedFat: 12, fat: 40, salt: 1.5 };
    expect(gradeOf({ ...sweet, fibre: ABSENT, fruitShare: ABSENT })).toMatchObject({
      status: final,
      grade: 4,
    });
  });

  it('make a grade provisional that they could change', () => {
    expect(gradeOf({ ...PLAIN, fibre: ABSENT }).status).toBe(provisional);
    expect(gradeOf({ ...PLAIN, fruitShare: ABSENT }).status).toBe(provisional);
  });

  it('report the default fruit share of the category without taking it for known', () => {
    const vegetables: RowValues = { ...PLAIN, roles: ['known', 'fruitOrVegetable'] };
    expect(gradeOf({ ...vegetables, fruitShare: ABSENT })).toEqual({
      status: provisional,
      grade: 0,
      score: 0,
    });
    expect(gradeOf({ ...vegetables, fruitShare: 10 })).toEqual({ status: final, grade: 2, score: 5 });
  });

  it('know the fruit share of olive oil', () => {
    const oil: RowValues = {
      energyKj: 3700,
      fat: 100,
      saturatedFat: 14,
      sugars: 0,
      salt: 0,
      proteins: 0,
      fibre: 0,
      roles: ['known', 'fat', 'oliveOil'],
    };
    const olive = { status: final, grade: 1, score: 0 };
    expect(gradeOf(oil)).toEqual(olive);
    expect(gradeOf({ ...oil, fruitShare: 0 })).toEqual(olive);
    expect(gradeOf({ ...oil, roles: ['known', 'fat'] })).toMatchObject({ status: provisional, score: 5 });
  });
});

const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
const maybe = (max: number) => fc.oneof({ weight: 4, arbitrary: amount(max) }, fc.constant(ABSENT));
const ROLE_SETS: readonly (readonly CategoryRole[])[] = [
  ['known'],
  ['known', 'beverage'],
  ['known', 'beverage', 'sweetened'],
  ['known', 'beverage', 'springWater'],
  ['known', 'fat'],
  ['known', 'fat', 'oliveOil'],
  ['known', 'nut'],
  ['known', 'cheese'],
  ['known', 'redMeat'],
  ['known', 'fruitOrVegetable'],
  ['known', 'notApplicable'],
  [],
];
const anyRow: fc.Arbitrary<RowValues> = fc.record({
  energyKj: maybe(3800),
  fat: maybe(100),
  saturatedFat: maybe(60),
  carbohydrates: maybe(100),
  sugars: maybe(100),
  salt: maybe(6),
  proteins: maybe(40),
  fibre: maybe(15),
  fruitShare: maybe(100),
  roles: fc.constantFrom(...ROLE_SETS),
});

describe.each(['2023', '2021'] as const)('the laws of official grades, %s', (rules) => {
  it('a final grade is that of every value the absent inputs could have', () => {
    fc.assert(
      fc.property(anyRow, amount(100), amount(100), (row, fibre, fruitShare) => {
        const before = gradeOf(row, rules);
        const filled = {
          ...row,
          fibre: Number.isNaN(row.fibre) ? fibre : row.fibre,
          fruitShare: Number.isNaN(row.fruitShare) ? fruitShare : row.fruitShare,
        } as RowValues;
        const after = gradeOf(filled, rules);
        if (before.status === final) expect(after.grade).toBe(before.grade);
        if (before.status !== none) expect(after.status).toBe(final);
      }),
    );
  });

  it('a provisional grade has values that change it', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        if (gradeOf(row, rules).status !== provisional) return;
        const withPoints = (fibre: number, fruitShare: number) =>
          gradeOf(
            {
              ...row,
              fibre: Number.isNaN(row.fibre) ? fibre : (row.fibre ?? 0),
              fruitShare: Number.isNaN(row.fruitShare) ? fruitShare : (row.fruitShare ?? 0),
            },
            rules,
          ).grade;
        expect(withPoints(0, 0)).not.toBe(withPoints(100, 100));
      }),
    );
  });

  it('columns give what the points of single rows give', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), (rows) => {
        const columns = columnsOf(rows);
        const all = officialGrades(columns, rules);
        rows.forEach((_, row) => {
          const single = officialGradeAt(columns, row, rules);
          expect(all.status[row] === none).toBe(single === null);
          if (single === null) return;
          expect([GRADES[all.grade[row] ?? 0], all.score[row]]).toEqual([single.grade, single.score]);
          expect(all.status[row]).toBe(single.status === 'final' ? final : provisional);
        });
      }),
    );
  });

  it('complete rows have the score that scoreItem gives', () => {
    const names = [
      'energyKj',
      'fat',
      'saturatedFat',
      'sugars',
      'salt',
      'proteins',
      'fibre',
      'fruitShare',
    ] as const;
    const complete = fc.record(Object.fromEntries(names.map((name) => [name, amount(90)])));
    fc.assert(
      fc.property(complete, fc.constantFrom(...ROLE_SETS.slice(0, 5)), (values, roles) => {
        const { kind, isSweetened } = categoryFacts(rolesOf(...roles), rules);
        const parts = scoreItem(rules, { ...createScoreInput(), ...values, kind, isSweetened });
        const row = { ...(values as Record<Nutrient, number>), roles };
        expect(gradeOf(row, rules)).toEqual({ status: final, grade: parts.grade, score: parts.score });
      }),
    );
  });
});

describe('the official grade of one row', () => {
  it('shows points, protein rule and score as the contract has them', () => {
    const answer = officialGradeAt(columnsOf([PLAIN]), 0, '2023');
    expect(answer).toEqual({
      grade: 'c',
      score: 5,
      status: 'final',
      kind: 'food',
      points: {
        energy: 2,
        sugars: 1,
        saturatedFat: 3,
        salt: 2,
        sweeteners: 0,
        fruitShare: 0,
        fibre: 0,
        proteins: 3,
      },
      proteinCounted: true,
      proteinReason: 'Protein counts: there are fewer than 11 unfavourable points.',
    });
    expect(createParser('official grade', OfficialGrade).matches(answer)).toBe(true);
  });

  it('says that it is provisional', () => {
    expect(officialGradeAt(columnsOf([{ ...PLAIN, fibre: ABSENT }]), 0, '2023')?.status).toBe('provisional');
  });

  it('is null where there is none', () => {
    expect(officialGradeAt(columnsOf([{ ...PLAIN, salt: ABSENT }]), 0, '2023')).toBeNull();
  });

  it('leaves nothing behind for the next row', () => {
    const columns = columnsOf([{ ...PLAIN, fibre: ABSENT, fruitShare: ABSENT }, PLAIN]);
    expect(officialGradeAt(columns, 0, '2023')?.status).toBe('provisional');
    expect(officialGradeAt(columns, 1, '2023')).toMatchObject({ status: 'final', score: 5 });
    columns.categoryRoles[1] = CATEGORY_ROLES.known | CATEGORY_ROLES.notApplicable;
    expect(officialGradeAt(columns, 1, '2023')).toBeNull();
  });
});
