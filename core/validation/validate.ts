/**
 * Decides, row by row, what must not be graded (rejects) and what is graded and flagged (warnings).
 * The batch worker, the endpoint and the trainer use this same function.
 */
import type { ItemColumns } from '../items/item-columns.ts';
import { markCategories, markNothingToGrade } from './category-rules.ts';
import { markUnusableCodes } from './code-rules.ts';
import { markComputedEnergy, markEnergyUnits } from './energy-rules.ts';
import { markPartsOverWhole, markTotals } from './relation-rules.ts';
import { markSameness } from './sameness-rules.ts';
import { markAbsentFavourables, markImpossibleValues, markLowSalt } from './value-rules.ts';

declare const validated: unique symbol;

/** Columns whose rows have been judged: only `validate` makes it. */
export interface ValidatedItems {
  readonly columns: ItemColumns;
  /** Bits of `REJECT_CODES` for each row; 0 for an accepted one. */
  readonly rejects: Uint32Array;
  /** Bits of `WARNING_CODES` for each row, rejected ones too. */
  readonly warnings: Uint32Array;
  /** Numbers of the accepted rows, ascending. */
  readonly acceptedRows: Int32Array;
  readonly [validated]: true;
}

/**
 * Judges every row by itself: the same whatever rows stand beside it. Codes that repeat are found by
 * `markDuplicateCodes`, over all rows of a shard. Nothing is allocated a row; the columns are read, never changed.
 * `acceptedRows.length` and the rows with a reject bit add up to `columns.rowCount`.
 */
export function validate(columns: ItemColumns): ValidatedItems {
  const rejects = new Uint32Array(columns.rowCount);
  const warnings = new Uint32Array(columns.rowCount);
  // Impossible values come first: the relations are silent about rows with an infinite one.
  markImpossibleValues(columns, rejects);
  markUnusableCodes(columns, rejects);
  markNothingToGrade(columns, rejects);
  markTotals(columns, rejects);
  markPartsOverWhole(columns, rejects);
  markEnergyUnits(columns, rejects);
  markComputedEnergy(columns, rejects, warnings);
  markSameness(columns, rejects, warnings);
  markCategories(columns, rejects, warnings);
  markLowSalt(columns, warnings);
  markAbsentFavourables(columns, warnings);
  const items = { columns, rejects, warnings, acceptedRows: rowsWithout(rejects) };
  // The one place where the brand is given.
  return items as unknown as ValidatedItems;
}

function rowsWithout(rejects: Uint32Array): Int32Array {
  let count = 0;
  for (let row = 0; row < rejects.length; row += 1) if (rejects[row] === 0) count += 1;
  const rows = new Int32Array(count);
  let at = 0;
  for (let row = 0; row < rejects.length; row += 1) if (rejects[row] === 0) rows[at++] = row;
  return rows;
}
