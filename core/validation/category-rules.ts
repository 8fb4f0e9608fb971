/** Rules on the category, and on rows with nothing to grade from. */
import type { ItemColumns } from '../items/item-columns.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { CATEGORY_ROLES } from '../nutriscore/category-roles.ts';
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

export function markCategories(columns: ItemColumns, rejects: Uint32Array, warnings: Uint32Array): void {
  for (let row = 0; row < columns.rowCount; row += 1) {
    const roles = columns.categoryRoles[row] as number;
    const isNotGraded = (roles & CATEGORY_ROLES.notApplicable) !== 0;
    if (isNotGraded) rejects[row] = (rejects[row] as number) | NOT_GRADED;
    let bits = 0;
    if ((roles & CATEGORY_ROLES.known) === 0) bits |= CATEGORY_UNKNOWN;
    if ((roles & CATEGORY_ROLES.asPreparedOnly) !== 0) bits |= VALUES_AS_SOLD;
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
  return (roles & CATEGORY_ROLES.springWater) !== 0 && (roles & CATEGORY_ROLES.flavouredWater) === 0;
}

function hasAny(inputs: readonly Float64Array[], row: number): boolean {
  for (let place = 0; place < inputs.length; place += 1) {
    if (!Number.isNaN((inputs[place] as Float64Array)[row] as number)) return true;
  }
  return false;
}
