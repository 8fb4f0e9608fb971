import { NUTRIENTS, type Nutrient } from './nutrients.ts';

/** Text of many rows as UTF-8: row `i` is `bytes[offsets[i] … offsets[i + 1])`; an absent text is empty. */
export interface TextColumn {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

/**
 * Products as columns, one entry a row, no object a row.
 *
 * Energy is kJ in `energyKj` whatever unit the source used (`energyKcal` keeps the declared kcal for
 * cross-checks); `salt` is grams of salt whether the source gave salt or sodium. Numbers are what the
 * producer declared: float32 sources are restored to their shortest decimal. `NaN` is "absent";
 * infinities are kept, for validation to reject.
 */
export interface ItemColumns {
  readonly rowCount: number;
  /** Number of the first row within its job, counted from 0. */
  readonly firstRowNumber: number;
  readonly codes: TextColumn;
  readonly nutrients: Readonly<Record<Nutrient, Float64Array>>;
  /** Bits of `CategoryRole` (core/nutriscore/category-roles.ts); 0 where the category is unknown. */
  readonly categoryRoles: Uint32Array;
  /** Index into `FOOD_GROUPS` (core/nutriscore/food-groups.ts); 0 where unknown. */
  readonly foodGroups: Uint8Array;
}

/** Columns of `rowCount` rows with every nutrient absent and no category: for callers to fill. */
export function createItemColumns(rowCount: number, firstRowNumber: number, codes: TextColumn): ItemColumns {
  const nutrients = Object.fromEntries(
    NUTRIENTS.map((nutrient) => [nutrient, new Float64Array(rowCount).fill(Number.NaN)]),
  ) as Record<Nutrient, Float64Array>;
  return {
    rowCount,
    firstRowNumber,
    codes,
    nutrients,
    categoryRoles: new Uint32Array(rowCount),
    foodGroups: new Uint8Array(rowCount),
  };
}

/** Text column of given strings. */
export function textColumn(texts: readonly string[]): TextColumn {
  const encoder = new TextEncoder();
  const parts = texts.map((text) => encoder.encode(text));
  const offsets = new Int32Array(texts.length + 1);
  parts.forEach((part, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + part.length;
  });
  const bytes = new Uint8Array(offsets[texts.length] ?? 0);
  parts.forEach((part, row) => {
    bytes.set(part, offsets[row] ?? 0);
  });
  return { bytes, offsets };
}

const decoder = new TextDecoder();

/** Text of one row; empty when absent. For error paths and single rows, not for hot loops. */
export function textAt(column: TextColumn, row: number): string {
  return decoder.decode(column.bytes.subarray(column.offsets[row] ?? 0, column.offsets[row + 1] ?? 0));
}
