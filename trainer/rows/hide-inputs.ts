/** Hides inputs of whole products as real rows lack them: by copying real gaps, and some at random. */
import type { Nutrient } from '../../core/items/nutrients.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import type { Random } from '../random.ts';
import type { ItemPool } from './item-pool.ts';

/** Inputs that real rows lack; bit `i` of a pattern hides input `i`, the bit above them the category. */
const HIDEABLE = [
  'energyKj',
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
  'fruitShare',
] as const satisfies readonly Nutrient[];
const CATEGORY_BIT = 1 << HIDEABLE.length;

/** Probability to hide each, where gaps are drawn one by one; `HIDEABLE`'s order. */
const HIDE_ALONE = [0.05, 0.05, 0.25, 0.05, 0.08, 0.45, 0.04, 0.06, 0.5];
const HIDE_CATEGORY_ALONE = 0.25;
/** Shares of the rows: nothing hidden, gaps of a real row; the rest one by one. */
const SHARE_WHOLE = 0.25;
const SHARE_REAL_GAPS = 0.5;

/** Gaps of real rows, one list a source; sources are drawn alike, however many rows each has. */
export type GapPatterns = readonly Uint16Array[];

export function readGapPatterns(pool: ItemPool): GapPatterns {
  const bySource = new Map<number, number[]>();
  for (let row = 0; row < pool.columns.rowCount; row += 1) {
    const source = pool.sources[row] ?? 0;
    const patterns = bySource.get(source) ?? [];
    patterns.push(gapsOf(pool, row));
    bySource.set(source, patterns);
  }
  return [...bySource]
    .sort(([left], [right]) => left - right)
    .map(([, patterns]) => Uint16Array.from(patterns));
}

function gapsOf(pool: ItemPool, row: number): number {
  let pattern = 0;
  HIDEABLE.forEach((nutrient, bit) => {
    if (Number.isNaN(pool.columns.nutrients[nutrient][row])) pattern |= 1 << bit;
  });
  const { isKnown } = categoryFacts(pool.columns.categoryRoles[row] ?? 0, '2023');
  return isKnown ? pattern : pattern | CATEGORY_BIT;
}

/** Hides inputs of every row in place. Grades stay: they were given for the whole product. */
export function hideInputs(pool: ItemPool, patterns: GapPatterns, random: Random): void {
  for (let row = 0; row < pool.columns.rowCount; row += 1) hide(pool, row, drawPattern(patterns, random));
}

function drawPattern(patterns: GapPatterns, random: Random): number {
  const lot = random.next();
  if (lot < SHARE_WHOLE) return 0;
  const source = patterns[random.integer(patterns.length)];
  if (lot < SHARE_WHOLE + SHARE_REAL_GAPS && source !== undefined) {
    return source[random.integer(source.length)] ?? 0;
  }
  let pattern = random.chance(HIDE_CATEGORY_ALONE) ? CATEGORY_BIT : 0;
  HIDE_ALONE.forEach((probability, bit) => {
    if (random.chance(probability)) pattern |= 1 << bit;
  });
  return pattern;
}

/** Pattern that hides the given inputs. */
export function gapsWithout(nutrients: readonly Nutrient[], hidesCategory: boolean): number {
  const bits = HIDEABLE.map((nutrient, bit) => (nutrients.includes(nutrient) ? 1 << bit : 0));
  return bits.reduce((pattern, bit) => pattern | bit, hidesCategory ? CATEGORY_BIT : 0);
}

export function hide(pool: ItemPool, row: number, pattern: number): void {
  const { columns } = pool;
  HIDEABLE.forEach((nutrient, bit) => {
    if ((pattern & (1 << bit)) !== 0) columns.nutrients[nutrient][row] = Number.NaN;
  });
  if ((pattern & CATEGORY_BIT) === 0) return;
  columns.categoryRoles[row] = 0;
  columns.foodGroups[row] = 0;
}
