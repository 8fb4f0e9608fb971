/** Number columns of Arrow as 64-bit floats, without an object or a call per cell. */
import { type Data, DataType } from 'apache-arrow';
import { restoreDecimal, roundProduct, scaleDown } from './restore-decimal.ts';

/** 32-bit words of one 64-bit integer or decimal, lowest first. */
const WORD = 2 ** 32;

/**
 * Values of a column whose type `isNumberType` accepts, each times `factor`; NaN where null. 32-bit floats
 * are restored to their decimal, and products rounded to what they would be on paper.
 */
export function decodeNumbers(column: Data, factor = 1): Float64Array {
  const values = decodeValues(column);
  setNulls(column, values);
  if (factor !== 1) multiply(values, factor);
  return values;
}

function decodeValues(column: Data): Float64Array {
  const { type, length } = column;
  if (DataType.isNull(type)) return new Float64Array(length).fill(Number.NaN);
  if (DataType.isFloat(type)) {
    return type.precision === 2 ? Float64Array.from(floats64(column)) : restoredFloats(column);
  }
  if (DataType.isDecimal(type)) return decodeDecimals(column, type.bitWidth / 32, type.scale);
  if (DataType.isInt(type)) {
    return type.bitWidth === 64 ? decodeWideIntegers(column, type.isSigned) : decodeIntegers(column);
  }
  throw new TypeError(`A column of type ${type} is no number; the file's types were not checked.`);
}

function floats64(column: Data): Float64Array {
  return (column.values as Float64Array).subarray(0, column.length);
}

function restoredFloats(column: Data): Float64Array {
  const floats = column.values as Float32Array;
  const values = new Float64Array(column.length);
  for (let row = 0; row < values.length; row += 1) values[row] = restoreDecimal(floats[row] as number);
  return values;
}

function decodeIntegers(column: Data): Float64Array {
  return Float64Array.from((column.values as Int32Array).subarray(0, column.length));
}

/** 64-bit integers by their two words: a BigInt per cell takes ten times longer. Exact up to 2^53. */
function decodeWideIntegers(column: Data, isSigned: boolean): Float64Array {
  const words = wordsOf(column);
  const values = new Float64Array(column.length);
  for (let row = 0; row < values.length; row += 1) {
    const high = words[2 * row + 1] as number;
    values[row] = (isSigned ? high | 0 : high) * WORD + (words[2 * row] as number);
  }
  return values;
}

/** Decimals of 128 bits (or 256) in two's complement: nearly all fit the lowest two words. */
function decodeDecimals(column: Data, wordsEach: number, scale: number): Float64Array {
  const words = wordsOf(column);
  const values = new Float64Array(column.length);
  for (let row = 0; row < values.length; row += 1) {
    const first = row * wordsEach;
    const high = words[first + 1] as number;
    const isSmall = fits53Bits(words, first, wordsEach);
    const integer = isSmall
      ? (high | 0) * WORD + (words[first] as number)
      : wideInteger(words, first, wordsEach);
    values[row] = scaleDown(integer, scale);
  }
  return values;
}

function fits53Bits(words: Uint32Array, first: number, wordsEach: number): boolean {
  const high = (words[first + 1] as number) | 0;
  const sign = high < 0 ? 0xffffffff : 0;
  for (let word = 2; word < wordsEach; word += 1) if (words[first + word] !== sign) return false;
  return high >= -(2 ** 21) && high < 2 ** 21;
}

/** Beyond 2^53 the nearest 64-bit float is all that can be kept. */
function wideInteger(words: Uint32Array, first: number, wordsEach: number): number {
  let integer = 0n;
  for (let word = wordsEach - 1; word >= 0; word -= 1) {
    integer = (integer << 32n) | BigInt(words[first + word] as number);
  }
  return Number(BigInt.asIntN(wordsEach * 32, integer));
}

function wordsOf(column: Data): Uint32Array {
  const { buffer, byteOffset, byteLength } = column.values as Uint32Array;
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function multiply(values: Float64Array, factor: number): void {
  for (let row = 0; row < values.length; row += 1)
    values[row] = roundProduct((values[row] as number) * factor);
}

/** NaN where the validity bitmap has a 0; an absent bitmap means that every value is there. */
function setNulls(column: Data, values: Float64Array): void {
  const bitmap = validityOf(column);
  if (bitmap === undefined) return;
  for (let row = 0; row < values.length; row += 1) {
    if (((bitmap[row >> 3] as number) & (1 << (row & 7))) === 0) values[row] = Number.NaN;
  }
}

/** One bit a row, lowest bit first; undefined where no row is null. */
export function validityOf(column: Data): Uint8Array | undefined {
  const bitmap: Uint8Array | null | undefined = column.nullBitmap;
  if (column.nullCount === 0 || bitmap === null || bitmap === undefined) return undefined;
  return bitmap.length === 0 ? undefined : bitmap;
}
