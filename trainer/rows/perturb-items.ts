/** Moves whole products a little, so that the model sees more of the space than the files hold. */
import type { Nutrient } from '../../core/items/nutrients.ts';
import type { Random } from '../random.ts';
import { hidesCategory, hidesFruitShare } from './hide-inputs.ts';
import { copyCategory, type ItemPool } from './item-pool.ts';

/** Spread of the factors, as a standard deviation of their logarithm: two thirds lie within 20 %. */
const SPREAD = 0.2;
/** Share of the rows whose numbers stay, of those that get another row's category, a declared fruit share. */
const SHARE_UNMOVED = 0.25;
const SHARE_OTHER_CATEGORY = 0.06;
const SHARE_NEW_FRUIT_SHARE = 0.1;

/**
 * Changes every row in place. Parts move with their wholes and energy with what gives it, so that most rows stay
 * plausible; validation drops the others. Results are rounded as labels are, so that values still fall on the
 * thresholds. A category or fruit share drawn blindly goes only to rows that will show it (`gaps`): they teach what the
 * rules make of unusual products, and where it is hidden they would only blur what nutrition tells of it.
 */
export function perturbRows(pool: ItemPool, gaps: Uint16Array, random: Random): void {
  const { columns } = pool;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const gap = gaps[row] ?? 0;
    if (random.chance(SHARE_OTHER_CATEGORY) && !hidesCategory(gap)) {
      copyCategory(columns, random.integer(columns.rowCount), columns, row);
    }
    if (random.chance(SHARE_NEW_FRUIT_SHARE) && !hidesFruitShare(gap)) {
      columns.nutrients.fruitShare[row] = Math.round(random.next() * 100);
    }
    if (random.chance(SHARE_UNMOVED)) continue;
    moveNutrients(pool, row, random);
  }
}

function moveNutrients(pool: ItemPool, row: number, random: Random): void {
  const { nutrients } = pool.columns;
  const factor = (spread: number): number => Math.exp(spread * random.normal());
  const before = energyOf(pool, row);
  const fat = factor(SPREAD);
  const carbohydrates = factor(SPREAD);
  scale(pool, row, 'fat', fat);
  scale(pool, row, 'saturatedFat', fat * factor(SPREAD));
  scale(pool, row, 'carbohydrates', carbohydrates);
  scale(pool, row, 'sugars', carbohydrates * factor(SPREAD));
  scale(pool, row, 'fibre', factor(2 * SPREAD));
  scale(pool, row, 'proteins', factor(SPREAD));
  scale(pool, row, 'salt', factor(2 * SPREAD));
  nutrients.saturatedFat[row] = Math.min(nutrients.saturatedFat[row] ?? 0, nutrients.fat[row] ?? 0);
  nutrients.sugars[row] = Math.min(nutrients.sugars[row] ?? 0, nutrients.carbohydrates[row] ?? 0);
  const energy = (nutrients.energyKj[row] ?? 0) + energyOf(pool, row) - before;
  nutrients.energyKj[row] = Math.max(0, Math.round(energy));
  // The declared kcal would contradict the moved kJ.
  nutrients.energyKcal[row] = Number.NaN;
}

function scale(pool: ItemPool, row: number, nutrient: Nutrient, factor: number): void {
  const column = pool.columns.nutrients[nutrient];
  column[row] = roundAsLabels((column[row] ?? 0) * factor);
}

/** One decimal, two below 1 g: as most labels give them, finer than the EU's guidance asks for. */
function roundAsLabels(grams: number): number {
  return grams >= 1 ? Math.round(grams * 10) / 10 : Math.round(grams * 100) / 100;
}

function energyOf(pool: ItemPool, row: number): number {
  const { fat, carbohydrates, proteins, fibre } = pool.columns.nutrients;
  return (
    37 * (fat[row] ?? 0) + 17 * ((carbohydrates[row] ?? 0) + (proteins[row] ?? 0)) + 8 * (fibre[row] ?? 0)
  );
}
