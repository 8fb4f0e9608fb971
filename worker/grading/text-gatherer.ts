/** Texts gathered one after another into one buffer that doubles when it is full: no string or array a row. */
import type { TextColumn } from '../../core/items/item-columns.ts';

export interface TextGatherer {
  /** Copies the text of one row. */
  append(from: TextColumn, row: number): void;
  /** Encodes a text in place. */
  appendText(text: string): void;
  /** What was gathered, as views that hold until the next text. */
  column(): TextColumn;
}

/** No character of UTF-16 takes more bytes in UTF-8. */
const BYTES_PER_CHARACTER_MAX = 3;

/**
 * @param rowsMax texts there can be
 * @param bytesExpected size of the first buffer
 */
export function createTextGatherer(rowsMax: number, bytesExpected: number): TextGatherer {
  const encoder = new TextEncoder();
  const offsets = new Int32Array(rowsMax + 1);
  let bytes = new Uint8Array(Math.max(64, bytesExpected));
  let count = 0;
  let used = 0;

  function makeRoom(size: number): void {
    if (used + size <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, used + size));
    larger.set(bytes.subarray(0, used));
    bytes = larger;
  }

  return {
    append(from, row) {
      const start = from.offsets[row] ?? 0;
      const end = from.offsets[row + 1] ?? 0;
      makeRoom(end - start);
      // Byte by byte: codes have about 13 bytes, below the cost of `set` with a view per row.
      for (let at = start; at < end; at += 1) bytes[used++] = from.bytes[at] ?? 0;
      count += 1;
      offsets[count] = used;
    },
    appendText(text) {
      makeRoom(text.length * BYTES_PER_CHARACTER_MAX);
      used += encoder.encodeInto(text, bytes.subarray(used)).written;
      count += 1;
      offsets[count] = used;
    },
    column: () => ({ bytes: bytes.subarray(0, used), offsets: offsets.subarray(0, count + 1) }),
  };
}
