/**
 * The forest kernel. It allocates nothing: TypeScript lays an image of the forest into its memory (`image.ts`), and
 * `score` goes through it. Compiled by `npm run build:kernel`.
 */
import {
  BLOCK_ROWS,
  FEATURE_COUNT,
  FORM_REGRESSION,
  GROUP_BYTES,
  GROUP_COUNT,
  GROUP_HAS_TAILS,
  GROUP_SUM,
  GROUP_TREE_COUNT,
  GROUP_TREES,
  GROUPS,
  KEY_ROW_BYTES,
  KEYS,
  LEAF_BYTES,
  LEAF_PLACES,
  PATHS,
  SCORE_FORM,
  SUM_BYTES,
  SUM_COUNT,
  SUMS,
  TREE_BYTES,
  TREES_A_CHUNK,
} from '../image-fields';
import { explainRow } from './contributions';
import { finishRows } from './finish';
import { decideConditions, decideRow, writeBlockKeys, writeKeys } from './ranks';
import { walkStem } from './stems';
import { addEights, addFours, addMany, addSingles } from './sums';
import { findLeaves, sumRow } from './walk';

export { explainRow };

/** Up to so many rows are walked one by one: a block costs as much for one row as for 128. */
const WALKED_ROWS_MAX = 6;

/** First byte that the kernel's own data leaves free. */
export function firstFreeByte(): usize {
  return __heap_base;
}

/**
 * Scores rows of float32 features, NaN for missing, row by row. Writes `outputs` float32 a row to `scores` and an
 * int32 a row to `labels`.
 */
export function score(image: usize, values: usize, rows: i32, scores: usize, labels: usize): void {
  const valueBytes: usize = load<u32>(image, FEATURE_COUNT) << 2;
  const form = load<u32>(image, SCORE_FORM);
  const outputs: usize = form == FORM_REGRESSION ? 1 : max<usize>(load<u32>(image, SUM_COUNT), 2);
  while (rows > 0) {
    const count = rows <= WALKED_ROWS_MAX ? 1 : min(rows, BLOCK_ROWS);
    memory.fill(load<u32>(image, SUMS), 0, load<u32>(image, SUM_BYTES));
    if (count == 1) {
      decideRow(image, values);
      if (load<u32>(image, KEY_ROW_BYTES)) {
        writeKeys(values, load<u32>(image, FEATURE_COUNT), load<u32>(image, KEYS));
      }
      sumRow(image);
    } else {
      decideConditions(image, values, count);
      writeBlockKeys(image, values, count);
      sumBlock(image, count);
    }
    finishRows(image, count, scores, labels);
    values += valueBytes * count;
    scores += (outputs << 2) * count;
    labels += count << 2;
    rows -= count;
  }
}

function sumBlock(image: usize, rows: i32): void {
  let group: usize = load<u32>(image, GROUPS);
  for (let left = load<u32>(image, GROUP_COUNT); left > 0; left--) {
    const sums: usize = load<u32>(image, SUMS) + load<u32>(group, GROUP_SUM);
    const hasTails = load<u32>(group, GROUP_HAS_TAILS) != 0;
    let tree: usize = load<u32>(group, GROUP_TREES);
    for (let trees = load<u32>(group, GROUP_TREE_COUNT); trees > 0; ) {
      const count: u32 = min(trees, TREES_A_CHUNK);
      walkStems(image, tree, count, rows, hasTails);
      if (hasTails) addLeaves<u32>(image, tree, count, load<u32>(image, LEAF_PLACES), rows, sums);
      else addLeaves<u8>(image, tree, count, load<u32>(image, PATHS), rows, sums);
      tree += count * TREE_BYTES;
      trees -= count;
    }
    group += GROUP_BYTES;
  }
}

function walkStems(image: usize, tree: usize, count: u32, rows: i32, hasTails: bool): void {
  let paths: usize = load<u32>(image, PATHS);
  let places: usize = load<u32>(image, LEAF_PLACES);
  for (let left = count; left > 0; left--) {
    walkStem(tree, paths);
    if (hasTails) findLeaves(image, tree, paths, places, rows);
    tree += TREE_BYTES;
    paths += BLOCK_ROWS;
    places += BLOCK_ROWS << 2;
  }
}

function addLeaves<Place>(
  image: usize,
  trees: usize,
  count: u32,
  places: usize,
  rows: i32,
  sums: usize,
): void {
  const leafBytes: usize = load<u32>(image, LEAF_BYTES);
  if (leafBytes == 4) addSingles<Place>(trees, count, places, rows, sums);
  else if (leafBytes == 16) addFours<Place>(trees, count, places, rows, sums);
  else if (leafBytes == 32) addEights<Place>(trees, count, places, rows, sums);
  else addMany<Place>(trees, count, places, rows, sums, leafBytes);
}
