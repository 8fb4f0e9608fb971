/** Turns accepted rows into the model's input; the same code for batch, endpoint and trainer. */
import type { ItemColumns } from '../items/item-columns.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { categoryFacts } from '../nutriscore/category-facts.ts';
import { createPointScale, type PointScale, pointsOf } from '../nutriscore/points.ts';
import { KINDS, type Kind } from '../nutriscore/rules.ts';
import { RULES_2023 } from '../nutriscore/rules-2023.ts';
import type { ValidatedItems } from '../validation/validate.ts';
import { DECLARED_FEATURES, FEATURE_NAMES, featureIndex } from './feature-table.ts';

/** Rows of features, row by row, each in the order of `FEATURE_NAMES`; `NaN` is missing. */
export interface FeatureMatrix {
  /** `rowCount` x `featureCount`. */
  readonly values: Float32Array;
  readonly rowCount: number;
  readonly featureCount: number;
}

const FEATURE_COUNT = FEATURE_NAMES.length;
const FRUIT_SHARE = featureIndex('fruit_share');
const SATURATED_RATIO = featureIndex('saturated_ratio');
const SUGARS_RATIO = featureIndex('sugars_ratio');
const ENERGY_UNEXPLAINED = featureIndex('energy_unexplained');
const MASS_UNEXPLAINED = featureIndex('mass_unexplained');
const UNFAVOURABLE_POINTS = featureIndex('unfavourable_points');
const FAVOURABLE_POINTS = featureIndex('favourable_points');
const POINTS_BALANCE = featureIndex('points_balance');
const IS_SWEETENED = featureIndex('is_sweetened');
const FOOD_GROUP = featureIndex('food_group');

/** A nutrient and the scale of its points: that of food under the 2023 rules, whatever the product is. */
interface ScaledNutrient {
  readonly nutrient: Nutrient;
  readonly scale: PointScale;
}

const { food } = RULES_2023.kinds;
const UNFAVOURABLE: readonly ScaledNutrient[] = [
  { nutrient: 'energyKj', scale: createPointScale(food.energy) },
  { nutrient: 'sugars', scale: createPointScale(food.sugars) },
  { nutrient: 'saturatedFat', scale: createPointScale(food.saturatedFat) },
  { nutrient: 'salt', scale: createPointScale(food.salt) },
];
const FAVOURABLE: readonly ScaledNutrient[] = [
  { nutrient: 'fibre', scale: createPointScale(food.fibre) },
  { nutrient: 'proteins', scale: createPointScale(food.proteins) },
];

/** Flags of the kind of product; all `NaN` where the category is unknown. */
const KIND_FLAGS: readonly { readonly feature: number; readonly kinds: readonly Kind[] }[] = [
  { feature: featureIndex('is_beverage'), kinds: [KINDS.beverage, KINDS.water] },
  { feature: featureIndex('is_water'), kinds: [KINDS.water] },
  { feature: featureIndex('is_fat'), kinds: [KINDS.fat] },
  { feature: featureIndex('is_cheese'), kinds: [KINDS.cheese] },
  { feature: featureIndex('is_red_meat'), kinds: [KINDS.redMeat] },
];

/**
 * Features of the given rows of the columns, in the order of `rows` (mostly `items.acceptedRows`).
 * One matrix is allocated and nothing a row. Declared values pass as they are, rounded to float32.
 * @param room of an earlier matrix, which is written over, where it is large enough for this one
 */
export function encodeFeatures(items: ValidatedItems, rows: Int32Array, room?: Float32Array): FeatureMatrix {
  const { columns } = items;
  const values = roomFor(rows.length * FEATURE_COUNT, room);
  writeDeclared(columns, rows, values);
  writeRatios(columns, rows, values);
  writeUnexplained(columns, rows, values);
  writePoints(columns, rows, values, UNFAVOURABLE_POINTS, UNFAVOURABLE);
  writePoints(columns, rows, values, FAVOURABLE_POINTS, FAVOURABLE);
  writeBalance(values);
  writeCategories(columns, rows, values);
  return { values, rowCount: rows.length, featureCount: FEATURE_COUNT };
}

/** So many numbers of the room, or of an array of their own where it has not so many. */
export function roomFor(length: number, room: Float32Array | undefined): Float32Array {
  return room === undefined || room.length < length ? new Float32Array(length) : room.subarray(0, length);
}

function writeDeclared(columns: ItemColumns, rows: Int32Array, values: Float32Array): void {
  for (const [name, nutrient] of DECLARED_FEATURES) {
    const column = columns.nutrients[nutrient];
    let at = featureIndex(name);
    for (let place = 0; place < rows.length; place += 1) {
      values[at] = column[rows[place] as number] as number;
      at += FEATURE_COUNT;
    }
  }
}

function writeRatios(columns: ItemColumns, rows: Int32Array, values: Float32Array): void {
  const { fat, saturatedFat, carbohydrates, sugars } = columns.nutrients;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    const at = place * FEATURE_COUNT;
    values[at + SATURATED_RATIO] = shareOf(saturatedFat[row] as number, fat[row] as number);
    values[at + SUGARS_RATIO] = shareOf(sugars[row] as number, carbohydrates[row] as number);
  }
}

/** The part in % of the whole: 0 of a part that is 0, at most 100, `NaN` when either is absent. */
function shareOf(part: number, whole: number): number {
  if (part === 0) return 0;
  // A whole below its part is rounding (validation refuses more than 0.001 g of it): the part is all of it.
  return whole <= part ? 100 : (part / whole) * 100;
}

function writeUnexplained(columns: ItemColumns, rows: Int32Array, values: Float32Array): void {
  const { energyKj, fat, carbohydrates, proteins, salt } = columns.nutrients;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    const at = place * FEATURE_COUNT;
    const fatGrams = fat[row] as number;
    const carbohydrateGrams = carbohydrates[row] as number;
    const proteinGrams = proteins[row] as number;
    // Annex XIV of Regulation (EU) 1169/2011: 37 kJ a gram of fat, 17 of carbohydrates and proteins.
    values[at + ENERGY_UNEXPLAINED] =
      (energyKj[row] as number) - 37 * fatGrams - 17 * (carbohydrateGrams + proteinGrams);
    values[at + MASS_UNEXPLAINED] = 100 - fatGrams - carbohydrateGrams - proteinGrams - (salt[row] as number);
  }
}

/** Points of all nutrients together; an absent one adds nothing, `NaN` where all are absent. */
function writePoints(
  columns: ItemColumns,
  rows: Int32Array,
  values: Float32Array,
  feature: number,
  nutrients: readonly ScaledNutrient[],
): void {
  for (let at = feature; at < values.length; at += FEATURE_COUNT) values[at] = Number.NaN;
  for (const { nutrient, scale } of nutrients) {
    const column = columns.nutrients[nutrient];
    let at = feature;
    for (let place = 0; place < rows.length; place += 1) {
      const value = column[rows[place] as number] as number;
      if (!Number.isNaN(value)) {
        const before = values[at] as number;
        const points = pointsOf(scale, value);
        values[at] = Number.isNaN(before) ? points : before + points;
      }
      at += FEATURE_COUNT;
    }
  }
}

function writeBalance(values: Float32Array): void {
  for (let at = 0; at < values.length; at += FEATURE_COUNT) {
    const favourable = values[at + FAVOURABLE_POINTS] as number;
    const taken = Number.isNaN(favourable) ? 0 : favourable;
    values[at + POINTS_BALANCE] = (values[at + UNFAVOURABLE_POINTS] as number) - taken;
  }
}

/** Kinds follow the 2023 rules whatever rules a job asks for: the model learns the 2023 grade. */
function writeCategories(columns: ItemColumns, rows: Int32Array, values: Float32Array): void {
  const { categoryRoles, foodGroups } = columns;
  const declaredShares = columns.nutrients.fruitShare;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    const at = place * FEATURE_COUNT;
    const facts = categoryFacts(categoryRoles[row] as number, '2023');
    const declared = declaredShares[row] as number;
    const given = Number.isNaN(declared) ? facts.defaultFruitShare : declared;
    values[at + FRUIT_SHARE] = Number.isNaN(facts.fixedFruitShare) ? given : facts.fixedFruitShare;
    for (let flag = 0; flag < KIND_FLAGS.length; flag += 1) {
      const { feature, kinds } = KIND_FLAGS[flag] as (typeof KIND_FLAGS)[number];
      values[at + feature] = facts.isKnown ? Number(kinds.includes(facts.kind)) : Number.NaN;
    }
    const absentSweetener = facts.isKnown ? 0 : Number.NaN;
    values[at + IS_SWEETENED] = facts.isSweetened ? 1 : absentSweetener;
    const group = foodGroups[row] as number;
    values[at + FOOD_GROUP] = group === 0 ? Number.NaN : group;
  }
}
