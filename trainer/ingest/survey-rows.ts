/** What the written dataset holds, read back through the reader that training uses. */

import { CATEGORY_ROLES } from '../../core/nutriscore/category-roles.ts';
import type { ItemBatch } from '../../core/parquet/item-file.ts';
import { validate } from '../../core/validation/validate.ts';
import type { DataCard } from '../../schemas/data-card.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import { gradeCompleteRows } from '../rows/rule-labels.ts';
import { readItems } from './read-items.ts';
import { NUTRIENT_COLUMNS } from './sources/output-columns.ts';

export type Survey = Pick<DataCard, 'missing' | 'labels'> & { readonly rows: number };

/** All that the rules score but for the fat, which they use for fats, oils, nuts and seeds alone. */
const SCORED = ['energyKj', 'saturatedFat', 'sugars', 'fibre', 'proteins', 'salt'] as const;

/**
 * Counts gaps and labels of every row.
 * @throws {Error} where a written row would be rejected: the two passes must judge alike.
 */
export async function surveyRows(
  path: string,
  signal: AbortSignal,
  onRows: (done: number) => void,
): Promise<Survey> {
  const survey = emptySurvey();
  for await (const batch of readItems(path, signal)) {
    const { acceptedRows } = validate(batch);
    if (acceptedRows.length !== batch.rowCount) {
      throw new Error(
        `${batch.rowCount - acceptedRows.length} rows were accepted and are rejected as written`,
      );
    }
    countMissing(batch, survey.missing);
    countLabels(batch, survey.labels);
    survey.rows += batch.rowCount;
    onRows(survey.rows);
  }
  return survey;
}

function emptySurvey() {
  const none = () => ({ a: 0, b: 0, c: 0, d: 0, e: 0 });
  const columns = [...NUTRIENT_COLUMNS.map(({ name }) => name), 'categories_tags', 'food_groups_tags'];
  const missing: Record<string, number> = Object.fromEntries(columns.map((name) => [name, 0]));
  return {
    rows: 0,
    missing,
    labels: { reported: none(), rules: none(), completeWithoutCategory: 0, none: 0 },
  };
}

function countMissing(batch: ItemBatch, missing: Record<string, number>): void {
  const add = (name: string, count: number) => {
    missing[name] = (missing[name] ?? 0) + count;
  };
  for (const { nutrient, name } of NUTRIENT_COLUMNS) {
    const values = batch.nutrients[nutrient];
    let count = 0;
    for (let row = 0; row < values.length; row += 1) if (Number.isNaN(values[row])) count += 1;
    add(name, count);
  }
  add('categories_tags', countUnset(batch.categoryRoles, CATEGORY_ROLES.known));
  add('food_groups_tags', countUnset(batch.foodGroups, 0xff));
}

function countUnset(values: Uint32Array | Uint8Array, bits: number): number {
  let count = 0;
  for (let row = 0; row < values.length; row += 1) if (((values[row] as number) & bits) === 0) count += 1;
  return count;
}

function countLabels(batch: ItemBatch, labels: Survey['labels']): void {
  const byRules = gradesByRules(batch);
  for (let row = 0; row < batch.rowCount; row += 1) {
    const reported = GRADES[batch.reportedGrades?.[row] ?? NO_GRADE];
    const computed = GRADES[byRules[row] ?? NO_GRADE];
    if (reported !== undefined) labels.reported[reported] += 1;
    else if (computed !== undefined) labels.rules[computed] += 1;
    else if (lacksOnlyCategory(batch, row)) labels.completeWithoutCategory += 1;
    else labels.none += 1;
  }
}

function gradesByRules(batch: ItemBatch): Uint8Array {
  const grades = new Uint8Array(batch.rowCount).fill(NO_GRADE);
  const sources = new Uint8Array(batch.rowCount);
  gradeCompleteRows({ columns: batch, sources, grades, productKeys: new Uint32Array(batch.rowCount) });
  return grades;
}

function lacksOnlyCategory(batch: ItemBatch, row: number): boolean {
  const isKnown = ((batch.categoryRoles[row] as number) & CATEGORY_ROLES.known) !== 0;
  return !isKnown && SCORED.every((nutrient) => !Number.isNaN(batch.nutrients[nutrient][row]));
}
