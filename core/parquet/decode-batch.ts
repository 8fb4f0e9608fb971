/** One batch of Arrow columns as `ItemBatch`, along the plan of the file's shape. */
import { type Data, DataType, type Struct } from 'apache-arrow';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import type { ItemColumns } from '../items/item-columns.ts';
import { KJ_PER_KCAL, NUTRIENTS, type Nutrient } from '../items/nutrients.ts';
import { CATEGORY_ROLES } from '../nutriscore/category-roles.ts';
import {
  addCategoryTag,
  addCategoryText,
  addFoodGroupTag,
  addFoodGroupText,
} from '../nutriscore/category-tags.ts';
import { decodeNumbers } from './decode-numbers.ts';
import { decodeNutriments } from './decode-nutriments.ts';
import { decodeCodes, viewText } from './decode-text.ts';
import type { InputPlan, NutrimentList } from './input-shapes.ts';
import { INPUT_SOURCES, type InputSource } from './input-sources.ts';
import type { ItemBatch } from './item-file.ts';
import type { LeafPath } from './leaf-paths.ts';
import { roundProduct } from './restore-decimal.ts';

/** Rows of one batch; `firstRowNumber` is the number of its first row within the job. */
export function decodeBatch(batch: Data<Struct>, plan: InputPlan, firstRowNumber: number): ItemBatch {
  const rowCount = batch.length;
  const { others } = plan;
  const items: ItemColumns = {
    rowCount,
    firstRowNumber,
    codes: decodeCodes(columnAt(batch, others.code as LeafPath)), // planInput refuses a file without one
    nutrients: decodeNutrients(batch, plan),
    categoryRoles: new Uint32Array(rowCount),
    foodGroups: new Uint8Array(rowCount),
  };
  // Categories before food groups: among equally fine groups the last one read stays.
  if (others.categories) readTags(columnAt(batch, others.categories), addCategoryTag, addCategoryText, items);
  if (others.foodGroups)
    readTags(columnAt(batch, others.foodGroups), addFoodGroupTag, addFoodGroupText, items);
  if (others.sweeteners) markSweetened(columnAt(batch, others.sweeteners), items.categoryRoles);
  if (others.reportedGrade === undefined) return items;
  return { ...items, reportedGrades: decodeGrades(columnAt(batch, others.reportedGrade)) };
}

/** The column a path leads to through structs; the types were checked when the file was opened. */
function columnAt(batch: Data<Struct>, path: LeafPath): Data {
  let column: Data = batch;
  for (const name of path) {
    const index = column.type.children.findIndex((field: { name: string }) => field.name === name);
    const child = column.children[index];
    if (child === undefined) throw new TypeError(`A batch has no column ${path.join('.')}.`);
    column = child;
    if (!DataType.isStruct(column.type)) break;
  }
  return column;
}

/**
 * Each target from its sources by their rank, row by row; then kJ from kcal where only kcal is declared.
 * (Salt from sodium needs no step: sodium is a source of salt with a factor.)
 */
function decodeNutrients(batch: Data<Struct>, plan: InputPlan): Record<Nutrient, Float64Array> {
  const ofColumns = plan.numbers.map(({ source, path, factor }) => ({
    source,
    values: decodeNumbers(columnAt(batch, path), factor),
  }));
  // Beside a list stand mapped columns alone, and the list feeds none of their targets: so ranks do not mix.
  const ofList = plan.nutriments === undefined ? [] : nestedSources(batch, plan.nutriments);
  const ranked = [...ofColumns, ...ofList];
  const nutrients: Partial<Record<Nutrient, Float64Array>> = {};
  for (const { source, values } of ranked) {
    const before = nutrients[source.target];
    if (before === undefined) nutrients[source.target] = values;
    else fillAbsent(before, values, 1);
  }
  // It takes the place of what is absent, where kcal are declared alone.
  nutrients.energyKj ??= absentColumn(batch.length);
  // The rest is read and never written: one column stands for all that the file has not.
  const absent = absentColumn(batch.length);
  for (const nutrient of NUTRIENTS) nutrients[nutrient] ??= absent;
  const complete = nutrients as Record<Nutrient, Float64Array>; // the loop above filled every key
  fillAbsent(complete.energyKj, complete.energyKcal, KJ_PER_KCAL);
  return complete;
}

function absentColumn(rowCount: number): Float64Array {
  return new Float64Array(rowCount).fill(Number.NaN);
}

function nestedSources(
  batch: Data<Struct>,
  { name, sources }: NutrimentList,
): { source: InputSource; values: Float64Array }[] {
  const columns = decodeNutriments(columnAt(batch, name));
  return INPUT_SOURCES.flatMap((source, index) =>
    sources.includes(source) ? [{ source, values: columns[index] as Float64Array }] : [],
  );
}

function fillAbsent(values: Float64Array, instead: Float64Array, factor: number): void {
  for (let row = 0; row < values.length; row += 1) {
    if (!Number.isNaN(values[row])) continue;
    const value = instead[row] as number;
    values[row] = factor === 1 ? value : roundProduct(value * factor);
  }
}

function readTags(
  column: Data,
  addTag: typeof addCategoryTag,
  addText: typeof addCategoryText,
  { categoryRoles, foodGroups }: ItemColumns,
): void {
  const lists = DataType.isList(column.type) ? (column.valueOffsets as Int32Array) : undefined;
  const texts = lists === undefined ? column : column.children[0];
  if (texts === undefined) return;
  const { bytes, offsets } = viewText(texts);
  for (let row = 0; row < column.length; row += 1) {
    if (lists === undefined) {
      addText(bytes, offsets[row] as number, offsets[row + 1] as number, row, categoryRoles, foodGroups);
      continue;
    }
    const end = lists[row + 1] as number;
    for (let tag = lists[row] as number; tag < end; tag += 1) {
      addTag(bytes, offsets[tag] as number, offsets[tag + 1] as number, row, categoryRoles, foodGroups);
    }
  }
}

/** The export counts the non-nutritive sweeteners among the ingredients. */
function markSweetened(column: Data, roles: Uint32Array): void {
  const counts = decodeNumbers(column);
  for (let row = 0; row < counts.length; row += 1) {
    if ((counts[row] as number) > 0) roles[row] = (roles[row] as number) | CATEGORY_ROLES.sweetened;
  }
}

const FIRST_LETTER = 'a'.charCodeAt(0);
const LOWER_CASE = 0x20;

/** One letter a to e of either case is a grade; `unknown`, `not-applicable` and the like are none. */
function decodeGrades(column: Data): Uint8Array {
  const { bytes, offsets } = viewText(column);
  const grades = new Uint8Array(column.length).fill(NO_GRADE);
  for (let row = 0; row < grades.length; row += 1) {
    const start = offsets[row] as number;
    if ((offsets[row + 1] as number) - start !== 1) continue;
    const grade = ((bytes[start] as number) | LOWER_CASE) - FIRST_LETTER;
    if (grade >= 0 && grade < GRADES.length) grades[row] = grade;
  }
  return grades;
}
