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
/**
 * What whole catalogues lack, everything else given: a market without fibre on its labels, a list without categories.
 * One is drawn as often as it stands here: fibre, fruit share and category are what real files lack most.
 */
const LACKED: readonly { readonly nutrients: readonly Nutrient[]; readonly hidesCategory: boolean }[] = [
  { nutrients: ['fibre'], hidesCategory: false },
  { nutrients: ['fibre'], hidesCategory: false },
  { nutrients: ['fibre', 'fruitShare'], hidesCategory: false },
  { nutrients: ['fruitShare'], hidesCategory: false },
  { nutrients: ['fruitShare'], hidesCategory: false },
  { nutrients: ['saturatedFat'], hidesCategory: false },
  { nutrients: ['sugars'], hidesCategory: false },
  { nutrients: [], hidesCategory: true },
  { nutrients: [], hidesCategory: true },
  { nutrients: [], hidesCategory: true },
  { nutrients: ['fruitShare'], hidesCategory: true },
];
/** Shares of the rows: nothing hidden, one thing lacked, gaps of a real row; the rest one by one. */
const SHARE_WHOLE = 0.3;
const SHARE_LACKED = 0.4;
const SHARE_REAL_GAPS = 0.22;

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

/** What to hide of each of so many rows: a bit for each input. Drawn before products are moved, which asks for it. */
export function drawGaps(rowCount: number, patterns: GapPatterns, random: Random): Uint16Array {
  return Uint16Array.from({ length: rowCount }, () => drawPattern(patterns, random));
}

/** Hides inputs of every row in place. Grades stay: they were given for the whole product. */
export function hideInputs(pool: ItemPool, gaps: Uint16Array): void {
  gaps.forEach((pattern, row) => {
    hide(pool, row, pattern);
  });
}

export function hidesCategory(pattern: number): boolean {
  return (pattern & CATEGORY_BIT) !== 0;
}

export function hidesFruitShare(pattern: number): boolean {
  return (pattern & (1 << HIDEABLE.indexOf('fruitShare'))) !== 0;
}

function drawPattern(patterns: GapPatterns, random: Random): number {
  const lot = random.next();
  if (lot < SHARE_WHOLE) return 0;
  const lacked = LACKED[random.integer(LACKED.length)];
  if (lot < SHARE_WHOLE + SHARE_LACKED && lacked !== undefined) {
    return gapsWithout(lacked.nutrients, lacked.hidesCategory);
  }
  const source = patterns[random.integer(patterns.length)];
  if (lot < SHARE_WHOLE + SHARE_LACKED + SHARE_REAL_GAPS && source !== undefined) {
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
