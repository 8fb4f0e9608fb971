/**
 * Rules between columns of one row. An absent addend counts as 0, as in Open Food Facts' own checks, and an
 * absent whole (fat, carbohydrates, …) makes its rule silent. Rows with an infinite value are skipped: they
 * are rejected already, and every sum over them would only repeat it.
 */
import type { ItemColumns } from '../items/item-columns.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { rejectMask } from './codes.ts';
import { FLOAT_NOISE, THRESHOLDS as T } from './thresholds.ts';

interface PartsOverWhole {
  readonly bit: number;
  readonly parts: readonly Nutrient[];
  readonly whole: Nutrient;
  /** Grams by which the parts may exceed the whole. */
  readonly toleranceGrams: number;
}

const NOT_FINITE = rejectMask('value-not-finite');
const TOTAL_OVER_105 = rejectMask('total-over-105');
const TOTAL_OVER_1000 = rejectMask('total-over-1000');

/** What may not weigh more than the product: the parts of nobody else. */
export const TOTAL_PARTS = [
  'fat',
  'carbohydrates',
  'proteins',
  'salt',
] as const satisfies readonly Nutrient[];

export const PARTS_OVER_WHOLE: readonly PartsOverWhole[] = [
  {
    bit: rejectMask('sugars-and-starch-over-carbohydrates'),
    parts: ['sugars', 'starch'],
    whole: 'carbohydrates',
    toleranceGrams: T.partOverWhole,
  },
  {
    bit: rejectMask('saturated-fat-over-fat'),
    parts: ['saturatedFat'],
    whole: 'fat',
    toleranceGrams: T.partOverWhole,
  },
  {
    bit: rejectMask('sugar-parts-over-sugars'),
    parts: ['fructose', 'glucose', 'maltose', 'lactose', 'sucrose'],
    whole: 'sugars',
    toleranceGrams: T.partOverWhole,
  },
  {
    bit: rejectMask('fibre-parts-over-fibre'),
    parts: ['solubleFibre', 'insolubleFibre'],
    whole: 'fibre',
    toleranceGrams: T.fibrePartsOverFibre,
  },
];

export function markTotals(columns: ItemColumns, rejects: Uint32Array): void {
  const parts = TOTAL_PARTS.map((nutrient) => columns.nutrients[nutrient]);
  for (let row = 0; row < columns.rowCount; row += 1) {
    if (((rejects[row] as number) & NOT_FINITE) !== 0) continue;
    const total = sumOfRow(parts, row);
    let bits = 0;
    if (total > T.nutrientOver + FLOAT_NOISE) bits |= TOTAL_OVER_105;
    if (total > T.nutrientFarOver + FLOAT_NOISE) bits |= TOTAL_OVER_1000;
    if (bits !== 0) rejects[row] = (rejects[row] as number) | bits;
  }
}

export function markPartsOverWhole(columns: ItemColumns, rejects: Uint32Array): void {
  for (const rule of PARTS_OVER_WHOLE) {
    const parts = rule.parts.map((nutrient) => columns.nutrients[nutrient]);
    const wholes = columns.nutrients[rule.whole];
    const slack = rule.toleranceGrams + FLOAT_NOISE;
    for (let row = 0; row < columns.rowCount; row += 1) {
      const whole = wholes[row] as number;
      if (Number.isNaN(whole) || ((rejects[row] as number) & NOT_FINITE) !== 0) continue;
      const isOver = sumOfRow(parts, row) > whole + slack;
      if (isOver) rejects[row] = (rejects[row] as number) | rule.bit;
    }
  }
}

/** Sum of the given values of one row; absent ones count as 0. */
function sumOfRow(parts: readonly Float64Array[], row: number): number {
  let sum = 0;
  for (let part = 0; part < parts.length; part += 1) {
    const value = (parts[part] as Float64Array)[row] as number;
    if (!Number.isNaN(value)) sum += value;
  }
  return sum;
}
