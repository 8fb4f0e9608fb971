/**
 * Fruit shares for products made whole. Real rows hardly carry one: of 708 rows of the official export half
 * have Open Food Facts' estimate from the ingredients, and most of those are 0. So shares are drawn by food group:
 * how many products of a group have fruit, vegetables or legumes at all, and between which shares. The figures
 * follow those estimates (sauces 6 to 81 %, bread 0 to 19 %, sweets 0 to 19 %) and what the groups are.
 */
import type { ItemColumns } from '../../core/items/item-columns.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { FOOD_GROUPS, type FoodGroup } from '../../core/nutriscore/food-groups.ts';
import type { Random } from '../random.ts';

interface FruitShareRule {
  /** Share of the group's products with any. */
  readonly share: number;
  /** Percent of the product, both ends included. */
  readonly min: number;
  readonly max: number;
}

const RULES: Readonly<Partial<Record<FoodGroup, FruitShareRule>>> = {
  'fruits-and-vegetables': { share: 1, min: 60, max: 100 },
  vegetables: { share: 1, min: 50, max: 100 },
  fruits: { share: 1, min: 60, max: 100 },
  'dried-fruits': { share: 1, min: 80, max: 100 },
  soups: { share: 0.9, min: 15, max: 80 },
  legumes: { share: 0.95, min: 40, max: 100 },
  cereals: { share: 0.05, min: 5, max: 70 },
  bread: { share: 0.15, min: 1, max: 20 },
  'breakfast-cereals': { share: 0.3, min: 3, max: 30 },
  'one-dish-meals': { share: 0.7, min: 5, max: 70 },
  sandwiches: { share: 0.5, min: 5, max: 25 },
  'pizza-pies-and-quiches': { share: 0.7, min: 5, max: 45 },
  'composite-foods': { share: 0.6, min: 5, max: 60 },
  'fish-and-seafood': { share: 0.1, min: 5, max: 40 },
  'milk-and-yogurt': { share: 0.25, min: 3, max: 20 },
  'dairy-desserts': { share: 0.3, min: 3, max: 25 },
  'ice-cream': { share: 0.3, min: 5, max: 55 },
  sweets: { share: 0.25, min: 3, max: 70 },
  pastries: { share: 0.3, min: 3, max: 40 },
  'biscuits-and-cakes': { share: 0.25, min: 2, max: 25 },
  appetizers: { share: 0.15, min: 2, max: 60 },
  'salty-snacks': { share: 0.3, min: 5, max: 70 },
  'salty-and-fatty-products': { share: 0.15, min: 5, max: 60 },
  'dressings-and-sauces': { share: 0.6, min: 5, max: 90 },
  'sweetened-beverages': { share: 0.4, min: 1, max: 40 },
  'fruit-nectars': { share: 1, min: 25, max: 60 },
  'fruit-juices': { share: 1, min: 85, max: 100 },
};

/** Share of the implied default that is drawn upwards: juices of 100 % stay so. */
const IMPLIED_MAX = 100;

/**
 * Fruit share in percent for a row that states none: near what its category implies where it implies one,
 * else as its group has them; 0 for groups without a rule.
 */
export function drawFruitShare(columns: ItemColumns, row: number, random: Random): number {
  const facts = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  const lot = random.next();
  const place = random.next();
  if (!Number.isNaN(facts.fixedFruitShare)) return facts.fixedFruitShare;
  if (!Number.isNaN(facts.defaultFruitShare)) {
    const implied = facts.defaultFruitShare;
    return implied > 80 ? Math.round(implied + place * (IMPLIED_MAX - implied)) : implied;
  }
  const rule = RULES[FOOD_GROUPS[columns.foodGroups[row] ?? 0] ?? 'unknown'];
  if (rule === undefined || lot >= rule.share) return 0;
  return Math.round(rule.min + place * (rule.max - rule.min));
}
