/** Grades by the 2023 rules, for rows that report none and for products that were made up. */

import type { ItemColumns } from '../../core/items/item-columns.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { OFFICIAL_STATUS, officialGrades } from '../../core/nutriscore/official-grades.ts';
import { KINDS } from '../../core/nutriscore/rules.ts';
import { NO_GRADE } from '../../schemas/grade.ts';
import type { ItemPool } from './item-pool.ts';

/** Sets the grade of every row from its inputs as they are; absent fibre and fruit share count as 0. */
export function gradeByRules(pool: ItemPool): void {
  const { grade } = officialGrades(pool.columns, '2023');
  pool.grades.set(grade);
}

/**
 * Grades rows that report none, where the inputs that decide are there: fibre is asked for (it is absent
 * because nobody noted it, not because it is 0), fat only where the score uses it, the fruit share where it could
 * change the grade and the category implies none. Other rows keep `NO_GRADE`.
 */
export function gradeCompleteRows(pool: ItemPool): void {
  const { columns } = pool;
  const { status, grade } = officialGrades(withFatWhereUnused(columns), '2023');
  for (let row = 0; row < columns.rowCount; row += 1) {
    const facts = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
    const isFibreKnown = !Number.isNaN(columns.nutrients.fibre[row]);
    const isFruitShareImplied = !Number.isNaN(facts.defaultFruitShare);
    const isFinal = status[row] === OFFICIAL_STATUS.final;
    const isComplete = facts.kind === KINDS.water || (isFibreKnown && (isFinal || isFruitShareImplied));
    const isGraded = status[row] !== OFFICIAL_STATUS.none && isComplete;
    pool.grades[row] = isGraded ? (grade[row] ?? NO_GRADE) : NO_GRADE;
  }
}

/** Only fats, oils, nuts and seeds are scored by their fat; for the others any value gives the same grade. */
function withFatWhereUnused(columns: ItemColumns): ItemColumns {
  const fat = columns.nutrients.fat.map((grams, row) => {
    const { kind } = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
    const isUnused = Number.isNaN(grams) && kind !== KINDS.fat;
    return isUnused ? (columns.nutrients.saturatedFat[row] ?? Number.NaN) : grams;
  });
  return { ...columns, nutrients: { ...columns.nutrients, fat } };
}
