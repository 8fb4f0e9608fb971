/** Item columns made of a few named values, for tests. */
import { createItemColumns, type ItemColumns, textColumn } from '../../../core/items/item-columns.ts';
import type { Nutrient } from '../../../core/items/nutrients.ts';
import { CATEGORY_ROLES, type CategoryRole } from '../../../core/nutriscore/category-roles.ts';

export type RowValues = Partial<Record<Nutrient, number>> & {
  readonly code?: string;
  readonly roles?: readonly CategoryRole[];
  readonly foodGroup?: number;
};

/** A row that breaks no rule and raises no warning. */
export const PLAIN: RowValues = {
  energyKj: 1000,
  fat: 10,
  saturatedFat: 4,
  carbohydrates: 25,
  sugars: 5,
  fibre: 3,
  proteins: 8,
  salt: 0.5,
  fruitShare: 0,
  roles: ['known'],
};

/** Columns of the given rows; a row without `code` gets one of its own. */
export function columnsOf(rows: readonly RowValues[]): ItemColumns {
  const codes = rows.map(({ code }, row) => code ?? String(3_000_000_000_000 + row));
  const columns = createItemColumns(rows.length, 0, textColumn(codes));
  rows.forEach((values, row) => {
    for (const [name, column] of Object.entries(columns.nutrients)) {
      column[row] = values[name as Nutrient] ?? Number.NaN;
    }
    for (const role of values.roles ?? []) {
      columns.categoryRoles[row] = (columns.categoryRoles[row] ?? 0) | CATEGORY_ROLES[role];
    }
    columns.foodGroups[row] = values.foodGroup ?? 0;
  });
  return columns;
}
