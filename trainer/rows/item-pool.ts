/** Rows of many sources side by side, as columns, with what the trainer knows of each beside its inputs. */

import { createItemColumns, type ItemColumns, type TextColumn } from '../../core/items/item-columns.ts';
import { NUTRIENTS } from '../../core/items/nutrients.ts';
import { NO_GRADE } from '../../schemas/grade.ts';

export interface ItemPool {
  readonly columns: ItemColumns;
  /** Index into `SOURCE_RULES`. */
  readonly sources: Uint8Array;
  /** Number of the grade the row is trained or judged on; `NO_GRADE` where it has none. */
  readonly grades: Uint8Array;
  /** Rows of the same product have the same key, whatever source they stand in. */
  readonly productKeys: Uint32Array;
}

/** Pool of `rowCount` rows without values; the codes are placeholders. */
export function createPool(rowCount: number): ItemPool {
  return {
    columns: createItemColumns(rowCount, 0, placeholderCodes(rowCount)),
    sources: new Uint8Array(rowCount),
    grades: new Uint8Array(rowCount).fill(NO_GRADE),
    productKeys: new Uint32Array(rowCount),
  };
}

const CODE_BYTES = 5;

/**
 * Training needs no code, validation asks for one: they count up, so that none is a duplicate's suspect, in 64
 * printable characters, so that none is taken for blank.
 */
function placeholderCodes(rowCount: number): TextColumn {
  const bytes = new Uint8Array(rowCount * CODE_BYTES);
  for (let row = 0; row < rowCount; row += 1) {
    for (let place = 0; place < CODE_BYTES; place += 1) {
      bytes[row * CODE_BYTES + place] = 0x30 + ((row >>> (6 * place)) & 63);
    }
  }
  return { bytes, offsets: Int32Array.from({ length: rowCount + 1 }, (_, row) => row * CODE_BYTES) };
}

export function copyRow(from: ItemPool, row: number, to: ItemPool, at: number): void {
  copyInputs(from.columns, row, to.columns, at);
  to.sources[at] = from.sources[row] ?? 0;
  to.grades[at] = from.grades[row] ?? NO_GRADE;
  to.productKeys[at] = from.productKeys[row] ?? 0;
}

export function copyInputs(from: ItemColumns, row: number, to: ItemColumns, at: number): void {
  for (const nutrient of NUTRIENTS) to.nutrients[nutrient][at] = from.nutrients[nutrient][row] ?? Number.NaN;
  copyCategory(from, row, to, at);
}

export function copyCategory(from: ItemColumns, row: number, to: ItemColumns, at: number): void {
  to.categoryRoles[at] = from.categoryRoles[row] ?? 0;
  to.foodGroups[at] = from.foodGroups[row] ?? 0;
}

export function pickRows(pool: ItemPool, rows: ArrayLike<number>): ItemPool {
  const picked = createPool(rows.length);
  for (let at = 0; at < rows.length; at += 1) copyRow(pool, rows[at] ?? 0, picked, at);
  return picked;
}

export function joinPools(pools: readonly ItemPool[]): ItemPool {
  const joined = createPool(pools.reduce((sum, pool) => sum + pool.columns.rowCount, 0));
  let at = 0;
  for (const pool of pools) {
    for (let row = 0; row < pool.columns.rowCount; row += 1) copyRow(pool, row, joined, at++);
  }
  return joined;
}

/** Numbers of the rows that pass a test, ascending. */
export function rowsWhere(pool: ItemPool, isWanted: (row: number) => boolean): Int32Array {
  return Int32Array.from({ length: pool.columns.rowCount }, (_, row) => row).filter(isWanted);
}

/** The pool itself where it has no more than `most` rows, else so many of them, spread evenly over it. */
export function thinRows(pool: ItemPool, most: number): ItemPool {
  const { rowCount } = pool.columns;
  if (rowCount <= most) return pool;
  return pickRows(
    pool,
    Int32Array.from({ length: most }, (_, at) => Math.floor((at * rowCount) / most)),
  );
}
