/**
 * Which Open Food Facts categories the foods of the Indian Food Composition Tables belong to.
 *
 * The tables know twenty groups, the Nutri-Score needs finer roles (cheese, red meat, fats, nuts and seeds,
 * beverages), so the rules go by ranges of food codes. Ranges do not overlap and leave no food out: a test
 * holds both. Category tags run from parent to child, as in the Open Food Facts taxonomy.
 */

const PLANTS = ['en:plant-based-foods-and-beverages', 'en:plant-based-foods'] as const;
const PRODUCE = [...PLANTS, 'en:fruits-and-vegetables-based-foods'] as const;
const MEATS = ['en:meats-and-their-products', 'en:meats'] as const;
const SEAFOOD = ['en:seafood', 'en:fishes-and-their-products'] as const;

const CEREAL = ['en:cereals-and-potatoes', 'en:cereals'] as const;
const PULSE = ['en:cereals-and-potatoes', 'en:legumes'] as const;
const POTATO = ['en:cereals-and-potatoes', 'en:potatoes'] as const;
const VEGETABLE = ['en:fruits-and-vegetables', 'en:vegetables'] as const;
const FRUIT = ['en:fruits-and-vegetables', 'en:fruits'] as const;
const DRIED_FRUIT = ['en:fruits-and-vegetables', 'en:dried-fruits'] as const;
const NUT = ['en:salty-snacks', 'en:nuts'] as const;
const DAIRY = ['en:milk-and-dairy-products'] as const;
const RED_MEAT = ['en:fish-meat-eggs', 'en:meat', 'en:meat-other-than-poultry'] as const;
const OFFAL = ['en:fish-meat-eggs', 'en:meat', 'en:offals'] as const;
const POULTRY = ['en:fish-meat-eggs', 'en:meat', 'en:poultry'] as const;
const FISH = ['en:fish-meat-eggs', 'en:fish-and-seafood'] as const;
const FAT = ['en:fats-and-sauces', 'en:fats'] as const;

export interface FoodRule {
  /** First and last food code, such as `A001`, both within. */
  readonly from: string;
  readonly to: string;
  readonly categories: readonly string[];
  readonly foodGroups: readonly string[];
  /**
   * Percent of fruit, vegetables and legumes as the 2023 rules count them: starchy tubers, cereals and nuts
   * do not count. `null` where the rules at hand do not settle it.
   */
  readonly fruitShare: number | null;
}

type Row = readonly [
  from: string,
  to: string,
  categories: readonly string[],
  foodGroups: readonly string[],
  fruitShare: number | null,
];

const ROWS: readonly Row[] = [
  ['A001', 'A024', [...PLANTS, 'en:cereals-and-potatoes', 'en:cereals-and-their-products'], CEREAL, 0],
  ['B001', 'B023', [...PLANTS, 'en:legumes-and-their-products', 'en:legumes', 'en:pulses'], PULSE, 100],
  ['B024', 'B025', [...PLANTS, 'en:legumes-and-their-products', 'en:legumes', 'en:soya-beans'], PULSE, null],
  ['C001', 'C034', [...PRODUCE, 'en:vegetables-based-foods', 'en:vegetables'], VEGETABLE, 100],
  ['D001', 'D078', [...PRODUCE, 'en:vegetables-based-foods', 'en:vegetables'], VEGETABLE, 100],
  ['E001', 'E004', [...PRODUCE, 'en:fruits-based-foods', 'en:fruits'], FRUIT, 100],
  ['E005', 'E005', [...PRODUCE, 'en:fruits-based-foods', 'en:dried-fruits'], DRIED_FRUIT, 100],
  ['E006', 'E016', [...PRODUCE, 'en:fruits-based-foods', 'en:fruits'], FRUIT, 100],
  ['E017', 'E019', [...PRODUCE, 'en:fruits-based-foods', 'en:dried-fruits', 'en:dates'], DRIED_FRUIT, 100],
  ['E020', 'E032', [...PRODUCE, 'en:fruits-based-foods', 'en:fruits'], FRUIT, 100],
  ['E033', 'E033', [...PRODUCE, 'en:beverages', 'en:fruit-juices', 'en:lemon-juices'], ['en:beverages'], 100],
  ['E034', 'E056', [...PRODUCE, 'en:fruits-based-foods', 'en:fruits'], FRUIT, 100],
  ['E057', 'E058', [...PRODUCE, 'en:fruits-based-foods', 'en:dried-fruits', 'en:raisins'], DRIED_FRUIT, 100],
  ['E059', 'E068', [...PRODUCE, 'en:fruits-based-foods', 'en:fruits'], FRUIT, 100],
  ['F001', 'F003', [...PRODUCE, 'en:vegetables-based-foods', 'en:root-vegetables'], VEGETABLE, 100],
  ['F004', 'F008', [...PLANTS, 'en:cereals-and-potatoes', 'en:tubers', 'en:potatoes'], POTATO, 0],
  ['F009', 'F012', [...PRODUCE, 'en:vegetables-based-foods', 'en:root-vegetables'], VEGETABLE, 100],
  ['F013', 'F014', [...PLANTS, 'en:cereals-and-potatoes', 'en:tubers', 'en:sweet-potatoes'], POTATO, 0],
  ['F015', 'F019', [...PLANTS, 'en:cereals-and-potatoes', 'en:tubers'], POTATO, 0],
  ['G001', 'G018', [...PRODUCE, 'en:vegetables-based-foods', 'en:vegetables'], VEGETABLE, null],
  ['G019', 'G031', [...PLANTS, 'en:condiments', 'en:spices'], ['en:fats-and-sauces'], null],
  ['G032', 'G032', [...PLANTS, 'en:seeds', 'en:poppy-seeds'], NUT, 0],
  ['G033', 'G033', [...PLANTS, 'en:condiments', 'en:spices'], ['en:fats-and-sauces'], null],
  ['H001', 'H005', [...PLANTS, 'en:nuts-and-their-products', 'en:nuts'], NUT, 0],
  ['H006', 'H007', [...PLANTS, 'en:nuts-and-their-products', 'en:nuts', 'en:coconuts'], NUT, 0],
  ['H008', 'H011', [...PLANTS, 'en:seeds'], NUT, 0],
  ['H012', 'H012', [...PLANTS, 'en:nuts-and-their-products', 'en:nuts', 'en:peanuts'], NUT, 0],
  ['H013', 'H017', [...PLANTS, 'en:seeds'], NUT, 0],
  ['H018', 'H018', [...PLANTS, 'en:nuts-and-their-products', 'en:nuts', 'en:pistachios'], NUT, 0],
  ['H019', 'H020', [...PLANTS, 'en:seeds'], NUT, 0],
  ['H021', 'H021', [...PLANTS, 'en:nuts-and-their-products', 'en:nuts', 'en:walnuts'], NUT, 0],
  ['I001', 'I001', ['en:sweeteners', 'en:sugars'], ['en:sugary-snacks', 'en:sweets'], 0],
  ['I002', 'I002', ['en:beverages', 'en:plant-based-beverages'], ['en:beverages'], 0],
  ['J001', 'J004', [...PRODUCE, 'en:mushrooms-and-their-products', 'en:mushrooms'], VEGETABLE, 100],
  ['K001', 'K001', ['en:beverages', 'en:alcoholic-beverages'], ['en:alcoholic-beverages'], 0],
  ['K002', 'K002', ['en:beverages', 'en:plant-based-beverages', 'en:coconut-waters'], ['en:beverages'], null],
  ['L001', 'L002', ['en:dairies', 'en:milks', 'en:whole-milks'], [...DAIRY, 'en:milk-and-yogurt'], 0],
  ['L003', 'L003', ['en:dairies', 'en:fermented-foods', 'en:cheeses'], [...DAIRY, 'en:cheese'], 0],
  ['L004', 'L004', ['en:dairies'], DAIRY, 0],
  ['M001', 'M015', ['en:farming-products', 'en:eggs'], ['en:fish-meat-eggs', 'en:eggs'], 0],
  ['N001', 'N004', [...MEATS, 'en:poultries', 'en:chickens'], POULTRY, 0],
  ['N005', 'N006', [...MEATS, 'en:poultries', 'en:offals'], OFFAL, 0],
  ['N007', 'N019', [...MEATS, 'en:poultries'], POULTRY, 0],
  ['O001', 'O003', [...MEATS, 'en:goat-meats'], RED_MEAT, 0],
  ['O004', 'O013', [...MEATS, 'en:offals', 'en:goat-meats'], OFFAL, 0],
  ['O014', 'O016', [...MEATS, 'en:lamb-meat'], RED_MEAT, 0],
  ['O017', 'O024', [...MEATS, 'en:offals', 'en:lamb-meat'], OFFAL, 0],
  ['O025', 'O027', [...MEATS, 'en:beef'], RED_MEAT, 0],
  ['O028', 'O035', [...MEATS, 'en:offals', 'en:beef'], OFFAL, 0],
  ['O036', 'O038', [...MEATS, 'en:beef', 'en:veal-meat'], RED_MEAT, 0],
  ['O039', 'O044', [...MEATS, 'en:offals', 'en:veal-meat'], OFFAL, 0],
  ['O045', 'O047', [...MEATS, 'en:beef'], RED_MEAT, 0],
  ['O048', 'O050', [...MEATS, 'en:pork'], RED_MEAT, 0],
  ['O051', 'O057', [...MEATS, 'en:offals', 'en:pork'], OFFAL, 0],
  ['O058', 'O063', [...MEATS, 'en:rabbit-meat'], RED_MEAT, 0],
  ['P001', 'P092', [...SEAFOOD, 'en:fishes'], FISH, 0],
  ['Q001', 'R007', ['en:seafood', 'en:crustaceans-and-molluscs'], FISH, 0],
  ['S001', 'S006', [...SEAFOOD, 'en:fishes'], FISH, 0],
  ['S007', 'S010', ['en:seafood', 'en:crustaceans-and-molluscs'], FISH, 0],
  ['T001', 'T012', [...PLANTS, 'en:fats', 'en:vegetable-fats', 'en:vegetable-oils'], FAT, 0],
  ['T013', 'T013', ['en:fats', 'en:animal-fats', 'en:clarified-butters'], FAT, 0],
  ['T014', 'T014', ['en:fats', 'en:vegetable-fats'], FAT, 0],
];

export const FOOD_RULES: readonly FoodRule[] = ROWS.map(([from, to, categories, foodGroups, fruitShare]) => ({
  from,
  to,
  categories,
  foodGroups,
  fruitShare,
}));
