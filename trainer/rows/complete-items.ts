/**
 * Makes whole products of rows with gaps: what a row lacks is borrowed from a near row that has it. The
 * result is no fact about the product; it is a product that could be, which the rules can grade. Training
 * then hides inputs again, as labels do.
 */

import type { Nutrient } from '../../core/items/nutrients.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { CATEGORY_ROLES } from '../../core/nutriscore/category-roles.ts';
import { officialGradeAt } from '../../core/nutriscore/official-grades.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import type { Random } from '../random.ts';
import { drawFruitShare } from './fruit-shares.ts';
import { copyCategory, copyRow, type ItemPool, pickRows, rowsWhere } from './item-pool.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';
import { canLendCategory, isPlausibleCategory } from './plausible-categories.ts';

/** Needed by the rules or by the features; the fruit share follows its own way. */
const NEEDED = [
  'energyKj',
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
] as const satisfies readonly Nutrient[];

/** What a row must have to lend its category. */
const COMPARED = [
  'energyKj',
  'saturatedFat',
  'sugars',
  'proteins',
  'salt',
] as const satisfies readonly Nutrient[];

export interface Donors {
  readonly pool: ItemPool;
  readonly whole: Neighbours;
  readonly categorised: Neighbours;
}

/** Looks through the pool for rows to borrow from; it must hold training rows only. */
export function createDonors(pool: ItemPool): Donors {
  const { columns } = pool;
  const neighbours = (isDonor: (row: number) => boolean): Neighbours =>
    createNeighbours(columns, rowsWhere(pool, isDonor));
  return {
    pool,
    whole: neighbours((row) => NEEDED.every((nutrient) => !Number.isNaN(columns.nutrients[nutrient][row]))),
    // A donor with two or three values is near to everything: it must have those that tell kinds apart.
    categorised: neighbours(
      (row) =>
        canLendCategory(columns, row) &&
        COMPARED.every((nutrient) => !Number.isNaN(columns.nutrients[nutrient][row])),
    ),
  };
}

/**
 * Loans are drawn again, so often at most, while the rules give the whole product another grade than the row has:
 * a grade that was reported says something about the fibre that was not.
 */
const DRAWS_MAX = 6;
/** One of the nearest five is drawn each time: a third draw that does not fit says that none does. */
const CATEGORY_DRAWS_MAX = 3;

/** A copy of the rows without gaps. Each call draws its loans anew. */
export function completeRows(
  pool: ItemPool,
  rows: ArrayLike<number>,
  donors: Donors,
  random: Random,
): ItemPool {
  const whole = pickRows(pool, rows);
  for (let at = 0; at < rows.length; at += 1) {
    for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
      copyRow(pool, rows[at] ?? 0, whole, at);
      borrowNutrients(whole, at, donors, random);
      borrowCategory(whole, at, donors, random);
      borrowFruitShare(whole, at, random);
      if (isAsGraded(whole, at)) break;
    }
  }
  return whole;
}

function isAsGraded(pool: ItemPool, row: number): boolean {
  const grade = pool.grades[row] ?? NO_GRADE;
  return grade === NO_GRADE || officialGradeAt(pool.columns, row, '2023')?.grade === GRADES[grade];
}

/** Draws until the category fits, also where the row's own does not; a row that nothing fits is plain food. */
export function borrowCategory(pool: ItemPool, row: number, donors: Donors, random: Random): void {
  const { columns } = pool;
  const { isKnown } = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  if (isKnown && isPlausibleCategory(columns, row)) return;
  for (let draw = 0; draw < CATEGORY_DRAWS_MAX; draw += 1) {
    const donor = donors.categorised.draw(columns, row, random);
    if (donor === -1) break;
    copyCategory(donors.pool.columns, donor, columns, row);
    if (isPlausibleCategory(columns, row)) return;
  }
  columns.categoryRoles[row] = CATEGORY_ROLES.known;
  columns.foodGroups[row] = 0;
}

function borrowNutrients(pool: ItemPool, row: number, donors: Donors, random: Random): void {
  const { nutrients } = pool.columns;
  const isWhole = NEEDED.every((nutrient) => !Number.isNaN(nutrients[nutrient][row]));
  const donor = isWhole ? -1 : donors.whole.draw(pool.columns, row, random);
  if (donor === -1) return;
  for (const nutrient of NEEDED) {
    if (!Number.isNaN(nutrients[nutrient][row])) continue;
    nutrients[nutrient][row] = donors.pool.columns.nutrients[nutrient][donor] ?? Number.NaN;
  }
  // A borrowed whole may be below the row's own part.
  nutrients.fat[row] = Math.max(nutrients.fat[row] ?? 0, nutrients.saturatedFat[row] ?? 0);
  nutrients.carbohydrates[row] = Math.max(nutrients.carbohydrates[row] ?? 0, nutrients.sugars[row] ?? 0);
}

function borrowFruitShare({ columns }: ItemPool, row: number, random: Random): void {
  const { fruitShare } = columns.nutrients;
  if (Number.isNaN(fruitShare[row])) fruitShare[row] = drawFruitShare(columns, row, random);
}
