/** Rules on the product code of one row, on its bytes: no string is made. */
import type { ItemColumns } from '../items/item-columns.ts';
import { rejectMask } from './codes.ts';
import { THRESHOLDS } from './thresholds.ts';

const MISSING_CODE = rejectMask('missing-code');
const CODE_TOO_LONG = rejectMask('code-too-long');

/** What writers pad or fill a code with; such a code names no product. Other signs are left to the sender. */
const SPACE = 0x20;
const TAB = 0x09;
const NUL = 0x00;

export function markUnusableCodes(columns: ItemColumns, rejects: Uint32Array): void {
  const { bytes, offsets } = columns.codes;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const start = offsets[row] as number;
    const end = offsets[row + 1] as number;
    if (isBlank(bytes, start, end)) rejects[row] = (rejects[row] as number) | MISSING_CODE;
    else if (end - start > THRESHOLDS.codeBytesMax) rejects[row] = (rejects[row] as number) | CODE_TOO_LONG;
  }
}

/** Ends at the first byte of nearly every code. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== NUL) return false;
  }
  return true;
}
