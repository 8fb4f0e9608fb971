/**
 * The inputs that are read of every product, per 100 g or 100 ml as declared.
 * Grams, but for energy (kJ, kcal), fruit share (%) and alcohol (% vol).
 */
export const NUTRIENTS = [
  'energyKj',
  'energyKcal',
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
  'fruitShare',
  'alcohol',
  'starch',
  'polyols',
  'erythritol',
  'fructose',
  'glucose',
  'maltose',
  'lactose',
  'sucrose',
  'solubleFibre',
  'insolubleFibre',
] as const;

export type Nutrient = (typeof NUTRIENTS)[number];

/** kJ per kcal (ISO thermochemical calorie), as the Nutri-Score rules use it. */
export const KJ_PER_KCAL = 4.184;

/** Salt is 2.5 times sodium (Regulation (EU) 1169/2011, annex I). */
export const SALT_PER_SODIUM = 2.5;
