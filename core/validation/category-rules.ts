/** Rules on the category, and on rows with nothing to grade from. */
import type { ItemColumns } from '../items/item-columns.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { categoryFacts } from '../nutriscore/category-facts.ts';
import { KINDS } from '../nutriscore/rules.ts';
import { rejectMask, warningMask } from './codes.ts';

const NOTHING_TO_GRADE = rejectMask('nothing-to-grade');
const NOT_GRADED = rejectMask('category-not-graded');
const CATEGORY_UNKNOWN = warningMask('category-unknown');
const VALUES_AS_SOLD = warningMask('values-as-sold');

/** What a grade can rest on. A fruit share alone, often an estimate, is none of them. */
const GRADED_FROM = [
  'energyKj',
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
] as const satisfies readonly Nutrient[];

/**
 * Under the 2023 rules whatever rules a job asks for: honey, which only the 2017/2021 rules leave ungraded,
 * still gets the model's grade there.
 */
export function markCategories(columns: ItemColumns, rejects: Uint32Array, warnings: Uint32Array): void {
  for (let row = 0; row < columns.rowCount; row += 1) {
    const facts = categoryFacts(columns.categoryRoles[row] as number, '2023');
    if (!facts.isApplicable) rejects[row] = (rejects[row] as number) | NOT_GRADED;
    let bits = 0;
    if (!facts.isKnown) bits |= CATEGORY_UNKNOWN;
    if (facts.isAsPreparedOnly) bits |= VALUES_AS_SOLD;
    if (bits !== 0) warnings[row] = (warnings[row] as number) | bits;
  }
}

export function markNothingToGrade(columns: ItemColumns, rejects: Uint32Array): void {
  const inputs = GRADED_FROM.map((nutrient) => columns.nutrients[nutrient]);
  for (let row = 0; row < columns.rowCount; row += 1) {
    const isEmpty = !hasAny(inputs, row) && !isWater(columns.categoryRoles[row] as number);
    if (isEmpty) rejects[row] = (rejects[row] as number) | NOTHING_TO_GRADE;
  }
}

/** Plain water is graded A without any nutrient; flavoured water is not plain. */
function isWater(roles: number): boolean {
  return categoryFacts(roles, '2023').kind === KINDS.water;
}

function hasAny(inputs: readonly Float64Array[], row: number): boolean {
  for (let place = 0; place < inputs.length; place += 1) {
    if (!Number.isNaN((inputs[place] as Float64Array)[row] as number)) return true;
  }
  return false;
}
