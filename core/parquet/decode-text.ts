/** Text columns of Arrow as `TextColumn`, and barcodes that were stored as numbers as text. */
import { isAscii, isUtf8 } from 'node:buffer';
import { type Data, DataType } from 'apache-arrow';
import type { TextColumn } from '../items/item-columns.ts';
import { decodeNumbers } from './decode-numbers.ts';

/** Where the text of each row lies in shared bytes: a view, nothing is copied. */
export interface TextView {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

const NO_BYTES = new Uint8Array(0);

/** The bytes and offsets of a column whose type `isTextType` accepts; null rows have no bytes. */
export function viewText(column: Data): TextView {
  if (DataType.isNull(column.type)) return { bytes: NO_BYTES, offsets: new Int32Array(column.length + 1) };
  return { bytes: column.values as Uint8Array, offsets: column.valueOffsets as Int32Array };
}

/**
 * The product codes, copied out of the batch. Whole numbers are written without exponent or decimals, so
 * that 3017620422003.0 is the barcode 3017620422003; its leading zeros were lost where it became a number.
 * Bytes that are not UTF-8 become U+FFFD: no writer downstream takes them.
 */
export function decodeCodes(column: Data): TextColumn {
  if (DataType.isUtf8(column.type) || DataType.isBinary(column.type) || DataType.isNull(column.type)) {
    return compactText(viewText(column), column.length);
  }
  return isWide(column.type) ? bigIntegersAsText(column) : numbersAsText(decodeNumbers(column));
}

function compactText({ bytes, offsets }: TextView, rowCount: number): TextColumn {
  const start = offsets[0] ?? 0;
  const used = bytes.slice(start, offsets[rowCount] ?? 0);
  const shifted = new Int32Array(rowCount + 1);
  for (let row = 0; row <= rowCount; row += 1) shifted[row] = (offsets[row] as number) - start;
  const column = { bytes: used, offsets: shifted };
  return isAscii(used) ? column : mended(column, rowCount);
}

/** Row by row, since a letter may be cut where one row ends and whole in the bytes of all. */
function mended(column: TextColumn, rowCount: number): TextColumn {
  const { bytes, offsets } = column;
  let areRowsUtf8 = isUtf8(bytes);
  for (let row = 0; row < rowCount && areRowsUtf8; row += 1) {
    areRowsUtf8 = !isContinuation(bytes[offsets[row] as number]) || offsets[row] === offsets[row + 1];
  }
  if (areRowsUtf8) return column;
  const decoder = new TextDecoder();
  return joinText(rowCount, (row) => decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Types that hold whole numbers beyond 2^53, where a 64-bit float would change digits. */
function isWide(type: DataType): boolean {
  return DataType.isDecimal(type) || (DataType.isInt(type) && type.bitWidth === 64);
}

function bigIntegersAsText(column: Data): TextColumn {
  const numbers = decodeNumbers(column);
  if (numbers.every((number) => Number.isNaN(number) || Number.isSafeInteger(number))) {
    return numbersAsText(numbers);
  }
  const wordsEach = DataType.isDecimal(column.type) ? column.type.bitWidth / 64 : 1;
  const { buffer, byteOffset } = column.values as Uint32Array;
  const words = new BigUint64Array(buffer.slice(byteOffset, byteOffset + column.length * wordsEach * 8));
  const isSigned = !(DataType.isInt(column.type) && !column.type.isSigned);
  return joinText(column.length, (row) => {
    if (Number.isNaN(numbers[row])) return '';
    let integer = 0n;
    for (let word = wordsEach - 1; word >= 0; word -= 1) {
      integer = (integer << 64n) | (words[row * wordsEach + word] ?? 0n);
    }
    return String(isSigned ? BigInt.asIntN(wordsEach * 64, integer) : integer);
  });
}

/** Safe integers digit by digit; anything else, which no barcode is, as JavaScript writes it. */
function numbersAsText(numbers: Float64Array): TextColumn {
  // 17 bytes hold 2^53 and a sign; other numbers take at most 24.
  const bytes = new Uint8Array(numbers.length * 24);
  const offsets = new Int32Array(numbers.length + 1);
  let end = 0;
  for (let row = 0; row < numbers.length; row += 1) {
    end = writeNumber(numbers[row] as number, bytes, end);
    offsets[row + 1] = end;
  }
  return { bytes: bytes.slice(0, end), offsets };
}

function writeNumber(number: number, bytes: Uint8Array, start: number): number {
  if (!Number.isFinite(number)) return start;
  if (!Number.isSafeInteger(number) || number < 0) {
    return start + Buffer.from(bytes.buffer).write(String(number), start, 'latin1');
  }
  let end = start;
  for (let rest = number; ; ) {
    const tenth = Math.floor(rest / 10);
    bytes[end] = 48 + (rest - tenth * 10);
    end += 1;
    if (tenth === 0) break;
    rest = tenth;
  }
  bytes.subarray(start, end).reverse();
  return end;
}

/** Slow path: one string a row. */
function joinText(rowCount: number, textOf: (row: number) => string): TextColumn {
  const texts = Array.from({ length: rowCount }, (_, row) => Buffer.from(textOf(row)));
  const offsets = new Int32Array(rowCount + 1);
  texts.forEach((text, row) => {
    offsets[row + 1] = (offsets[row] as number) + text.length;
  });
  return { bytes: new Uint8Array(Buffer.concat(texts)), offsets };
}
