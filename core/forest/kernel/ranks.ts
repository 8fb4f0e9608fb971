/**
 * From the values of a row to conditions. A column holds the thresholds of one feature whose branches send missing
 * values the same way, in ascending order: as soon as one condition `value < threshold` is true, all later ones are.
 */
import {
  BLOCK_ROWS,
  COLUMN_BYTES,
  COLUMN_COUNT,
  COLUMN_FIRST_MASK,
  COLUMN_MAP,
  COLUMN_MASK_COUNT,
  COLUMNS,
  CONDITION_COUNT,
  FEATURE_BYTES,
  FEATURE_COLUMN_BYTES,
  FEATURE_COLUMN_COUNT,
  FEATURE_COLUMNS,
  FEATURE_COUNT,
  FEATURES,
  FIRST_MASK,
  KEY_ROW_BYTES,
  KEYS,
  MASK_BYTES,
  MASKS,
  MISSING_ENTRY,
  SEARCH_LEVEL_COUNT,
  SEARCH_LEVELS,
  TURNS,
} from '../image-fields';

/** How many of 16 thresholds are at or below the value; none where either is NaN. */
@inline
function countReached(thresholds: usize, value: v128): usize {
  const first = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(thresholds), value),
    f32x4.le(v128.load(thresholds, 16), value),
  );
  const second = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(thresholds, 32), value),
    f32x4.le(v128.load(thresholds, 48), value),
  );
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(first, second)));
}

/**
 * Byte offset in a column's map for a value: 4 times its rank among all thresholds of the feature. A search by
 * halves takes 8 dependent steps where this takes two of 16 comparisons each: twice as long.
 */
@inline
function mapEntry(feature: usize, value: f32): usize {
  const values = f32x4.splat(value);
  const levels: usize = load<u32>(feature, SEARCH_LEVEL_COUNT) << 2;
  let rank = countReached(load<u32>(feature, SEARCH_LEVELS), values);
  for (let level: usize = 4; level < levels; level += 4) {
    rank = (rank << 4) + countReached(<usize>load<u32>(feature + level, SEARCH_LEVELS) + (rank << 6), values);
  }
  return value != value ? <usize>load<u32>(feature, MISSING_ENTRY) : rank << 2;
}

/** Sets, for every condition and every row of a block, the bit that says whether it is true. */
export function decideConditions(image: usize, values: usize, rows: i32): void {
  memory.fill(load<u32>(image, MASKS), 0, load<u32>(image, MASK_BYTES));
  const featureCount = load<u32>(image, FEATURE_COUNT);
  const rowBytes: usize = featureCount << 2;
  let feature: usize = load<u32>(image, FEATURES);
  for (let index: u32 = 0; index < featureCount; index++) {
    if (load<u32>(feature, FEATURE_COLUMN_COUNT)) {
      markFirstTrue(feature, values + (<usize>index << 2), rowBytes, rows);
    }
    feature += FEATURE_BYTES;
  }
  let column: usize = load<u32>(image, COLUMNS);
  for (let left = load<u32>(image, COLUMN_COUNT); left > 0; left--) {
    let mask: usize = load<u32>(column, FIRST_MASK);
    let reached = i64x2.splat(0);
    for (let conditions = load<u32>(column, CONDITION_COUNT); conditions > 0; conditions--) {
      reached = v128.or(reached, v128.load(mask));
      v128.store(mask, reached);
      mask += 16;
    }
    column += COLUMN_BYTES;
  }
}

/** Row `r` is bit `r / 16` of byte `r % 16`, so that paths come out as 8 vectors of 16 rows in order. */
function markFirstTrue(feature: usize, values: usize, rowBytes: usize, rows: i32): void {
  const map: usize = load<u32>(feature, FEATURE_COLUMNS + COLUMN_MAP);
  const other: usize =
    load<u32>(feature, FEATURE_COLUMN_COUNT) > 1
      ? <usize>load<u32>(feature, FEATURE_COLUMNS + FEATURE_COLUMN_BYTES + COLUMN_MAP)
      : 0;
  for (let row = 0; row < rows; row++) {
    const entry = mapEntry(feature, load<f32>(values));
    const byte: usize = row & 15;
    const bit: i32 = 1 << (row >> 4);
    const mask = <usize>load<u32>(map + entry) + byte;
    store<u8>(mask, <i32>load<u8>(mask) | bit);
    if (other) {
      const otherMask = <usize>load<u32>(other + entry) + byte;
      store<u8>(otherMask, <i32>load<u8>(otherMask) | bit);
    }
    values += rowBytes;
  }
}

/** 16 times 1, then 16 times 2: read from byte `16 - n` on, the first n of 16 are 1. */
const STEPS = memory.data<u8>([
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
]);

/** For a single row: a byte a condition, 2 where it is true and 1 where it is not. */
export function decideRow(image: usize, values: usize): void {
  const masks: usize = load<u32>(image, MASKS);
  const turns: usize = load<u32>(image, TURNS);
  // The condition that is never true is no column's.
  store<u8>(turns, 1);
  let feature: usize = load<u32>(image, FEATURES);
  for (let left = load<u32>(image, FEATURE_COUNT); left > 0; left--) {
    let column = feature + FEATURE_COLUMNS;
    const columns = load<u32>(feature, FEATURE_COLUMN_COUNT);
    const entry = columns ? mapEntry(feature, load<f32>(values)) : 0;
    for (let index: u32 = 0; index < columns; index++) {
      const first: usize = load<u32>(column, COLUMN_FIRST_MASK);
      const falseCount = <i32>((<usize>load<u32>(<usize>load<u32>(column, COLUMN_MAP) + entry) - first) >> 4);
      // Writes past the column's end; what is there belongs to the columns that are written next.
      const count = <i32>load<u32>(column, COLUMN_MASK_COUNT);
      const turn = turns + ((first - masks) >> 4);
      for (let at = 0; at < count; at += 16) {
        const ones = min(max(falseCount - at, 0), 16);
        v128.store(turn + at, v128.load(STEPS + 16 - ones));
      }
      column += FEATURE_COLUMN_BYTES;
    }
    feature += FEATURE_BYTES;
    values += 4;
  }
}

/**
 * Order keys of a row, two a feature: whole numbers that compare as the values do. A missing value is below all
 * limits in the second, whose branches send it to the true side, and above all in the first.
 */
export function writeKeys(values: usize, features: u32, keys: usize): void {
  for (let left = features; left > 0; left--) {
    const value = load<f32>(values);
    // Adding 0 makes one zero of the two, which have different bits.
    const bits = reinterpret<i32>(value + 0);
    const key = bits ^ ((bits >> 31) & i32.MAX_VALUE);
    const isMissing = value != value;
    store<i32>(keys, isMissing ? i32.MAX_VALUE : key);
    store<i32>(keys, isMissing ? i32.MIN_VALUE : key, 4);
    values += 4;
    keys += 8;
  }
}

export function writeBlockKeys(image: usize, values: usize, rows: i32): void {
  const keyBytes: usize = load<u32>(image, KEY_ROW_BYTES);
  if (!keyBytes) return;
  const features = load<u32>(image, FEATURE_COUNT);
  let keys: usize = load<u32>(image, KEYS);
  for (let row = 0; row < min(rows, BLOCK_ROWS); row++) {
    writeKeys(values, features, keys);
    values += features << 2;
    keys += keyBytes;
  }
}
