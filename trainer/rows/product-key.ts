/** Which rows are one product: copies must not stand on both sides of the split. */
import { type ItemColumns, textAt } from '../../core/items/item-columns.ts';
import { hashOf } from '../random.ts';

/** Nutrients that every source has, with the decimals that survive a conversion of units. */
const KEY_VALUES = [
  ['energyKj', 0],
  ['saturatedFat', 1],
  ['sugars', 1],
  ['proteins', 1],
  ['salt', 1],
] as const;
/** Below this many values, unlike products share a key; the code has to tell them apart. */
const KEY_VALUES_MIN = 3;
/** Waters, teas, sweeteners: a table of zeros is no one product's. All on one side, the other would know no water. */
const ZERO = /^-?0(\.0)?$/;

/**
 * Hash of the rounded values, since sources number products differently or not at all: the same nutrition
 * table is taken for the same product. Two products with one table fall on one side of the split together,
 * which errs on the strict side.
 */
export function productKey(columns: ItemColumns, row: number): number {
  const values = KEY_VALUES.map(([nutrient, decimals]) => {
    const value = columns.nutrients[nutrient][row] ?? Number.NaN;
    return Number.isNaN(value) ? '' : value.toFixed(decimals);
  });
  const given = values.filter((value) => value !== '');
  const tellsApart = given.length >= KEY_VALUES_MIN && !given.every((value) => ZERO.test(value));
  if (!tellsApart) return hashOf(`code ${textAt(columns.codes, row)} ${values.join('|')}`);
  return hashOf(values.join('|'));
}

/** Where a product falls in [0, 1), by its key and the seed alone: a longer file moves no product. */
export function productPlace(key: number, seed: number): number {
  return hashOf(`split ${seed} ${key}`) / 2 ** 32;
}
