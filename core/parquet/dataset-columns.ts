/** Typed arrays as Arrow columns, in the forms that the dataset writers need. */
import { type Data, Dictionary, Float32, Int32, Int64, makeData, Utf8, vectorFromArray } from 'apache-arrow';
import type { TextColumn } from '../items/item-columns.ts';

export interface DatasetColumn {
  readonly name: string;
  readonly data: Data;
  readonly isNullable: boolean;
  /** Whether Parquet's dictionary encoding is tried; where values hardly repeat it costs time and space. */
  readonly isDictionary: boolean;
}

export function textDataset(name: string, column: TextColumn, rowCount: number): DatasetColumn {
  const { bytes, offsets } = column;
  const data = makeData({ type: new Utf8(), length: rowCount, valueOffsets: offsets, data: bytes });
  return { name, data, isNullable: false, isDictionary: false };
}

/** Text where an empty one is null. */
export function nullableTextDataset(name: string, column: TextColumn, rowCount: number): DatasetColumn {
  const { bytes, offsets } = column;
  const isPresent = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    isPresent[row] = (offsets[row + 1] as number) > (offsets[row] as number) ? 1 : 0;
  }
  const data = makeData({
    type: new Utf8(),
    ...bitmapOf(isPresent),
    length: rowCount,
    valueOffsets: offsets,
    data: bytes,
  });
  return { name, data, isNullable: true, isDictionary: false };
}

/** Integers held as 64-bit floats, written by their two words: a BigInt per cell takes ten times longer. */
export function integerDataset(name: string, integers: Float64Array): DatasetColumn {
  const words = new Int32Array(integers.length * 2);
  for (let row = 0; row < integers.length; row += 1) {
    const integer = integers[row] as number;
    words[2 * row] = integer % 2 ** 32;
    words[2 * row + 1] = Math.floor(integer / 2 ** 32);
  }
  const values = new BigInt64Array(words.buffer);
  return {
    name,
    data: makeData({ type: new Int64(), length: integers.length, data: values }),
    isNullable: false,
    isDictionary: false,
  };
}

/** Small integers, null where `isPresent` is 0. */
export function nullableIntegerDataset(
  name: string,
  values: Int8Array,
  isPresent: Uint8Array,
): DatasetColumn {
  const data = makeData({
    type: new Int32(),
    ...bitmapOf(isPresent),
    length: values.length,
    data: new Int32Array(values),
  });
  return { name, data, isNullable: true, isDictionary: true };
}

/** Column `offset` of a table of 32-bit floats kept row by row, `width` to a row. */
export function floatDataset(
  name: string,
  table: Float32Array,
  offset: number,
  width: number,
): DatasetColumn {
  const values = new Float32Array(table.length / width);
  for (let row = 0; row < values.length; row += 1) values[row] = table[row * width + offset] as number;
  const data = makeData({ type: new Float32(), length: values.length, data: values });
  return { name, data, isNullable: false, isDictionary: false };
}

/**
 * Texts that repeat, as indices into the list of them. Arrow's dictionary type brings them to the writer
 * without a copy of the text per row: 1.06 M rows/s against 0.65.
 * @throws {RangeError} for an index that is not into the list.
 */
export function repeatedTextDataset(
  name: string,
  indices: Uint8Array | Int32Array,
  texts: readonly string[],
): DatasetColumn {
  const column = nullableRepeatedTextDataset(name, indices, texts);
  if (column.data.nullCount > 0)
    throw new RangeError(`${name} has an index beyond its ${texts.length} texts.`);
  return { ...column, isNullable: false };
}

/** Like `repeatedTextDataset`, with null where the index is negative, beyond the list, or that of a null. */
export function nullableRepeatedTextDataset(
  name: string,
  indices: Uint8Array | Int32Array,
  texts: readonly (string | null)[],
): DatasetColumn {
  const present = texts.filter((text) => text !== null);
  const places = Int32Array.from(texts, (text) => (text === null ? -1 : present.indexOf(text)));
  const { length } = indices;
  const isPresent = new Uint8Array(length);
  // A null row keeps 0: its index must still point into the dictionary.
  const placed = new Int32Array(length);
  // A plain loop, as all of this file: seven columns of every row come through here.
  for (let row = 0; row < length; row += 1) {
    const index = indices[row] as number;
    const place = index >= 0 && index < places.length ? (places[index] as number) : -1;
    if (place < 0) continue;
    isPresent[row] = 1;
    placed[row] = place;
  }
  const dictionary = vectorFromArray(present.length === 0 ? [''] : present, new Utf8());
  const type = new Dictionary(new Utf8(), new Int32());
  const data = makeData({ type, ...bitmapOf(isPresent), length, data: placed, dictionary });
  return { name, data, isNullable: true, isDictionary: true };
}

/** Arrow's validity: a bit a row, set where `isPresent` is not 0. */
function bitmapOf(isPresent: Uint8Array) {
  const { length } = isPresent;
  const nullBitmap = new Uint8Array(((length + 63) >> 6) << 3);
  let nullCount = 0;
  for (let row = 0; row < length; row += 1) {
    if (isPresent[row] !== 0) nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
    else nullCount += 1;
  }
  return { nullBitmap, nullCount };
}
