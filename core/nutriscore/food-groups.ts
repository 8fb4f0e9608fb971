/**
 * Food groups of Open Food Facts (taxonomy `food_groups`, two upper levels; the third is folded into the
 * second), in an order in which neighbours eat alike: a tree that splits on the index splits between
 * kinds of food. Index 0 is "unknown". The order is part of every trained model: append, never reorder,
 * without a new training.
 */
const GROUPS = [
  { name: 'unknown', isMain: true },
  { name: 'fruits-and-vegetables', isMain: true },
  { name: 'vegetables', isMain: false },
  { name: 'fruits', isMain: false },
  { name: 'dried-fruits', isMain: false },
  { name: 'soups', isMain: false },
  { name: 'cereals-and-potatoes', isMain: true },
  { name: 'legumes', isMain: false },
  { name: 'potatoes', isMain: false },
  { name: 'cereals', isMain: false },
  { name: 'bread', isMain: false },
  { name: 'breakfast-cereals', isMain: false },
  { name: 'composite-foods', isMain: true },
  { name: 'one-dish-meals', isMain: false },
  { name: 'sandwiches', isMain: false },
  { name: 'pizza-pies-and-quiches', isMain: false },
  { name: 'fish-meat-eggs', isMain: true },
  { name: 'eggs', isMain: false },
  { name: 'fish-and-seafood', isMain: false },
  { name: 'fatty-fish', isMain: false },
  { name: 'meat', isMain: false },
  { name: 'poultry', isMain: false },
  { name: 'meat-other-than-poultry', isMain: false },
  { name: 'offals', isMain: false },
  { name: 'processed-meat', isMain: false },
  { name: 'milk-and-dairy-products', isMain: true },
  { name: 'cheese', isMain: false },
  { name: 'milk-and-yogurt', isMain: false },
  { name: 'dairy-desserts', isMain: false },
  { name: 'ice-cream', isMain: false },
  { name: 'sugary-snacks', isMain: true },
  { name: 'sweets', isMain: false },
  { name: 'chocolate-products', isMain: false },
  { name: 'pastries', isMain: false },
  { name: 'biscuits-and-cakes', isMain: false },
  { name: 'salty-snacks', isMain: true },
  { name: 'appetizers', isMain: false },
  { name: 'salty-and-fatty-products', isMain: false },
  { name: 'nuts', isMain: false },
  { name: 'fats-and-sauces', isMain: true },
  { name: 'fats', isMain: false },
  { name: 'dressings-and-sauces', isMain: false },
  { name: 'beverages', isMain: true },
  { name: 'sweetened-beverages', isMain: false },
  { name: 'fruit-nectars', isMain: false },
  { name: 'fruit-juices', isMain: false },
  { name: 'artificially-sweetened-beverages', isMain: false },
  { name: 'plant-based-milk-substitutes', isMain: false },
  { name: 'unsweetened-beverages', isMain: false },
  { name: 'teas-and-herbal-teas-and-coffees', isMain: false },
  { name: 'waters-and-flavored-waters', isMain: false },
  { name: 'alcoholic-beverages', isMain: true },
  { name: 'baby-foods-and-milks', isMain: true },
] as const;

export type FoodGroup = (typeof GROUPS)[number]['name'];

export const FOOD_GROUPS: readonly FoodGroup[] = GROUPS.map((group) => group.name);

/** Index of a group; `unknown` is 0. */
export function foodGroupIndex(name: FoodGroup): number {
  return FOOD_GROUPS.indexOf(name);
}

/** 0 for "unknown", 1 for a main group, 2 for a group within one: a finer group replaces a coarser. */
export const FOOD_GROUP_LEVELS: Uint8Array = Uint8Array.from(GROUPS, ({ name, isMain }) => {
  if (name === 'unknown') return 0;
  return isMain ? 1 : 2;
});
