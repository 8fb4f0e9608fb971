/**
 * Makes whole products of rows with gaps: what a row lacks is borrowed from a near row that has it. The
 * result is no fact about the product; it is a product that could be, which the rules can grade. Training
 * then hides inputs again, as labels do.
 */
import { categoryFacts } from '../core/nutriscore/category-facts.ts';
import type { Nutrient } from '../core/items/nutrients.ts';
import { type ItemPool, copyCategory, pickRows, rowsWhere } from './item-pool.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';
import type { Random } from './random.ts';

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

export interface Donors {
  readonly pool: ItemPool;
  readonly whole: Neighbours;
  readonly categorised: Neighbours;
  readonly withFruitShare: Neighbours;
}

/** Looks through the pool for rows to borrow from; it must hold training rows only. */
export function createDonors(pool: ItemPool): Donors {
  const { columns } = pool;
  const neighbours = (isDonor: (row: number) => boolean): Neighbours =>
    createNeighbours(columns, rowsWhere(pool, isDonor));
  return {
    pool,
    whole: neighbours((row) => NEEDED.every((nutrient) => !Number.isNaN(columns.nutrients[nutrient][row]))),
    categorised: neighbours((row) => (columns.foodGroups[row] ?? 0) !== 0),
    withFruitShare: neighbours((row) => !Number.isNaN(columns.nutrients.fruitShare[row])),
  };
}

/** A copy of the rows without gaps. Each call draws its loans anew. */
export function completeRows(pool: ItemPool, rows: ArrayLike<number>, donors: Donors, random: Random): ItemPool {
  const whole = pickRows(pool, rows);
  for (let row = 0; row < whole.columns.rowCount; row += 1) {
    borrowCategory(whole, row, donors, random);
    borrowNutrients(whole, row, donors, random);
    borrowFruitShare(whole, row, donors, random);
  }
  return whole;
}

export function borrowCategory(pool: ItemPool, row: number, donors: Donors, random: Random): void {
  const { columns } = pool;
  if (categoryFacts(columns.categoryRoles[row] ?? 0, '2023').isKnown) return;
  const donor = donors.categorised.draw(columns, row, random);
  if (donor !== -1) copyCategory(donors.pool.columns, donor, columns, row);
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

/** Where the category implies a share, that stands, as in the rules; else one of the same group is borrowed. */
function borrowFruitShare(pool: ItemPool, row: number, donors: Donors, random: Random): void {
  const { columns } = pool;
  if (!Number.isNaN(columns.nutrients.fruitShare[row])) return;
  const facts = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  if (!Number.isNaN(facts.defaultFruitShare)) return;
  const donor = donors.withFruitShare.draw(columns, row, random);
  const isSameGroup = donor !== -1 && donors.pool.columns.foodGroups[donor] === columns.foodGroups[row];
  columns.nutrients.fruitShare[row] = isSameGroup
    ? (donors.pool.columns.nutrients.fruitShare[donor] ?? 0)
    : 0;
}
