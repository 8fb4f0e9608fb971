/**
 * Codes that repeat. Apart from `validate`, which judges each row by itself: what repeats depends on the rows
 * it is compared with, and the rows that `validate` sees at once are as many as the reader gave.
 */
import type { TextColumn } from '../items/item-columns.ts';
import { warningMask } from './codes.ts';

const DUPLICATE_CODE = warningMask('duplicate-code');

/**
 * Flags rows whose code an earlier row has; every code has at least one byte. Open addressing over row
 * numbers, at most half full; a `Map` of strings would make one string a row (65,536 rows: 2 ms here, 18 ms so).
 * @param warnings one entry a row; only the bit of `duplicate-code` is set, none is cleared
 */
export function markDuplicateCodes(codes: TextColumn, warnings: Uint32Array): void {
  const rowCount = warnings.length;
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(2, rowCount * 2)));
  const rowsAt = new Int32Array(capacity).fill(-1);
  for (let row = 0; row < rowCount; row += 1) {
    let slot = hashAt(codes, row) & (capacity - 1);
    let held = rowsAt[slot] as number;
    while (held !== -1 && !areEqual(codes, held, row)) {
      slot = (slot + 1) & (capacity - 1);
      held = rowsAt[slot] as number;
    }
    if (held === -1) rowsAt[slot] = row;
    else warnings[row] = (warnings[row] as number) | DUPLICATE_CODE;
  }
}

/** FNV-1a, 32 bits, with its high half folded in: barcodes differ mostly in their last bytes. */
function hashAt(column: TextColumn, row: number): number {
  const end = column.offsets[row + 1] as number;
  let hash = 0x811c9dc5;
  for (let at = column.offsets[row] as number; at < end; at += 1) {
    hash = Math.imul(hash ^ (column.bytes[at] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function areEqual(column: TextColumn, left: number, right: number): boolean {
  const leftStart = column.offsets[left] as number;
  const rightStart = column.offsets[right] as number;
  const length = (column.offsets[left + 1] as number) - leftStart;
  if ((column.offsets[right + 1] as number) - rightStart !== length) return false;
  for (let at = 0; at < length; at += 1) {
    if (column.bytes[leftStart + at] !== column.bytes[rightStart + at]) return false;
  }
  return true;
}
