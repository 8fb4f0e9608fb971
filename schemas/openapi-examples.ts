/** Bodies that the document shows; tests send each to a running endpoint. */
import type { GradeRequest } from './http.ts';

interface Example {
  readonly summary: string;
  readonly value: GradeRequest;
}

export const GRADE_EXAMPLES = {
  plain: {
    summary: 'One product, plain names',
    value: {
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
    },
  },
  openFoodFacts: {
    summary: 'One product, the names of Open Food Facts',
    value: {
      code: '7300400481588',
      categories_tags: ['en:breads', 'en:crispbreads'],
      'energy-kcal_100g': 332,
      fat_100g: 1.5,
      'saturated-fat_100g': 0.2,
      carbohydrates_100g: 64,
      sugars_100g: 1,
      fiber_100g: 15,
      proteins_100g: 9,
      salt_100g: 1.1,
    },
  },
  list: {
    summary: 'A list: each item has its own outcome',
    value: [
      {
        code: '1',
        categories: 'en:sodas',
        energyKj: 180,
        fat: 0,
        saturatedFat: 0,
        sugars: 10.6,
        proteins: 0,
        salt: 0,
      },
      { code: '2', sugars: 32, energyKj: 1900 },
      { code: '3', fat: 3, saturatedFat: 5 },
    ],
  },
} as const satisfies Readonly<Record<string, Example>>;
