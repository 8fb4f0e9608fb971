import type { PlainItem } from '../../../schemas/item.ts';

/** Whole, with a final official grade: E. */
export const SPREAD: PlainItem = {
  code: '3017620422003',
  categories: 'en:hazelnut-spreads',
  energyKj: 2252,
  fat: 30.9,
  saturatedFat: 10.6,
  carbohydrates: 57.5,
  sugars: 56.3,
  fibre: 3.4,
  proteins: 6.3,
  salt: 0.107,
  fruitShare: 0,
};

/** Without a category: graded by the model alone. */
export const LOOSE: PlainItem = { sugars: 3, energyKj: 1000 };

/** More saturated fat than fat. */
export const IMPOSSIBLE: PlainItem = { code: '9', fat: 3, saturatedFat: 5 };

/** A list of whole products with sugars from 0 on. */
export function spreads(count: number): PlainItem[] {
  return Array.from({ length: count }, (_, index) => {
    const sugars = index % 57;
    return { ...SPREAD, code: String(index), sugars };
  });
}
