/** Items to ask with where none are given: made ones, no two alike, some of them without a category or a nutrient. */
import type { PlainItem } from '../endpoint/client.generated.ts';

const CATEGORIES = [
  'Hazelnut spreads',
  'Sodas',
  'Crispbreads',
  'Cheeses',
  'Breakfast cereals',
  'Yogurts',
] as const;
const ITEMS = 500;

export function madeItems(): readonly PlainItem[] {
  return Array.from({ length: ITEMS }, (_, index) => madeItem(index));
}

/** Sums stay below 100 g and parts below their wholes, so that none is rejected. */
function madeItem(index: number): PlainItem {
  const tenths = (count: number, step: number): number => ((index * step) % count) / 10;
  const fat = tenths(300, 7);
  const carbohydrates = tenths(400, 11);
  const proteins = tenths(150, 3);
  const hasCategory = index % 4 !== 3;
  const hasFibre = index % 3 !== 2;
  return {
    code: String(2_000_000_000_000 + index),
    ...(hasCategory ? { categories: CATEGORIES[index % CATEGORIES.length] as string } : {}),
    energyKj: Math.round(37 * fat + 17 * (carbohydrates + proteins)),
    fat,
    saturatedFat: Math.round(fat * 4) / 10,
    carbohydrates,
    sugars: Math.round(carbohydrates * 5) / 10,
    proteins,
    salt: tenths(20, 1),
    ...(hasFibre ? { fibre: tenths(80, 1) } : {}),
  };
}
