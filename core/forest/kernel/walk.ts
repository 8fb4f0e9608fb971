/** Single steps down a tree: below the stem for rows of a block, and all the way for a row that comes alone. */
import {
  BLOCK_ROWS,
  GROUP_BYTES,
  GROUP_COUNT,
  GROUP_SUM,
  GROUP_TREE_COUNT,
  GROUP_TREES,
  GROUPS,
  IS_TAIL,
  KEY_ROW_BYTES,
  KEYS,
  LEAF_BYTES,
  LEAF_PLACES,
  MASKS,
  SUMS,
  TAIL_FALSE,
  TAIL_KEY,
  TAIL_LIMIT,
  TAIL_TRUE,
  TREE_BYTES,
  TREE_ENDS,
  TREE_LEAVES,
  TREE_LEVELS,
  TREE_NODES,
  TREES_A_CHUNK,
  TURNS,
} from '../image-fields';
import { addLeaf } from './sums';

/** Trees whose leaves are found before they are added, for a row that comes alone. */
const ROW_TREES_A_CHUNK: u32 = TREES_A_CHUNK * BLOCK_ROWS;

/** Address of the leaf that a path's end leads to. */
@inline
function walkTail(end: u32, keys: usize): u32 {
  while (end & IS_TAIL) {
    const branch: usize = end - IS_TAIL;
    const isTrue = load<i32>(keys + load<u32>(branch, TAIL_KEY)) < load<i32>(branch, TAIL_LIMIT);
    end = isTrue ? load<u32>(branch, TAIL_TRUE) : load<u32>(branch, TAIL_FALSE);
  }
  return end;
}

/** Turns the paths of a block's rows into addresses of leaves. */
export function findLeaves(image: usize, tree: usize, paths: usize, places: usize, rows: i32): void {
  const ends: usize = load<u32>(tree, TREE_ENDS);
  const keyBytes: usize = load<u32>(image, KEY_ROW_BYTES);
  let keys: usize = load<u32>(image, KEYS);
  for (let row: usize = 0; row < <usize>rows; row++) {
    store<u32>(places + (row << 2), walkTail(load<u32>(ends + (<usize>load<u8>(paths + row) << 2)), keys));
    keys += keyBytes;
  }
  // Rows are added in eights: those past the last take the first one's leaf.
  for (let row: usize = rows; row < <usize>BLOCK_ROWS; row++) store<u32>(places + (row << 2), load<u32>(places));
}

/**
 * The next branch's number, level by level, from a branch's: the nodes of level `l` begin at `2^l - 1`, and the bit of
 * this level stands at place `l`. A row's turn is 1 to the false side and 2 to the true one.
 */
@inline
function nextBranch(nodes: usize, branch: usize, level: u32, turns: usize): usize {
  return branch + (<usize>load<u8>(turns + (load<u32>(nodes + (branch << 2)) >> 4)) << level);
}

/** Address of the leaf at the end of a path through the stem. */
@inline
function leafAfter(tree: usize, branch: usize, levels: u32, keys: usize, leafBytes: usize): usize {
  const path = branch + 1 - (<usize>1 << levels);
  const ends: usize = load<u32>(tree, TREE_ENDS);
  if (ends) return walkTail(load<u32>(ends + (path << 2)), keys);
  return <usize>load<u32>(tree, TREE_LEAVES) + path * leafBytes;
}

/**
 * Finds the leaf that one row comes to in each tree. Each step waits for the one before it and for the cache, so four
 * trees of as many levels are walked side by side: 2.2 times as fast as one after the other.
 */
function findRowLeaves(tree: usize, count: u32, places: usize, turns: usize, keys: usize, leafBytes: usize): void {
  while (count > 0) {
    const levels = load<u32>(tree, TREE_LEVELS);
    const isFour =
      count >= 4 &&
      load<u32>(tree, TREE_BYTES + TREE_LEVELS) == levels &&
      load<u32>(tree, 2 * TREE_BYTES + TREE_LEVELS) == levels &&
      load<u32>(tree, 3 * TREE_BYTES + TREE_LEVELS) == levels;
    const a: usize = load<u32>(tree, TREE_NODES);
    let atA: usize = 0;
    if (isFour) {
      const b: usize = load<u32>(tree, TREE_BYTES + TREE_NODES);
      const c: usize = load<u32>(tree, 2 * TREE_BYTES + TREE_NODES);
      const d: usize = load<u32>(tree, 3 * TREE_BYTES + TREE_NODES);
      let atB: usize = 0;
      let atC: usize = 0;
      let atD: usize = 0;
      for (let level: u32 = 0; level < levels; level++) {
        atA = nextBranch(a, atA, level, turns);
        atB = nextBranch(b, atB, level, turns);
        atC = nextBranch(c, atC, level, turns);
        atD = nextBranch(d, atD, level, turns);
      }
      store<u32>(places, leafAfter(tree, atA, levels, keys, leafBytes));
      store<u32>(places, leafAfter(tree + TREE_BYTES, atB, levels, keys, leafBytes), 4);
      store<u32>(places, leafAfter(tree + 2 * TREE_BYTES, atC, levels, keys, leafBytes), 8);
      store<u32>(places, leafAfter(tree + 3 * TREE_BYTES, atD, levels, keys, leafBytes), 12);
      tree += 4 * TREE_BYTES;
      places += 16;
      count -= 4;
    } else {
      for (let level: u32 = 0; level < levels; level++) atA = nextBranch(a, atA, level, turns);
      store<u32>(places, leafAfter(tree, atA, levels, keys, leafBytes));
      tree += TREE_BYTES;
      places += 4;
      count -= 1;
    }
  }
}

/** Sums of one row whose conditions are decided. */
export function sumRow(image: usize): void {
  const turns: usize = load<u32>(image, TURNS) - (load<u32>(image, MASKS) >> 4);
  const keys: usize = load<u32>(image, KEYS);
  const places: usize = load<u32>(image, LEAF_PLACES);
  const leafBytes: usize = load<u32>(image, LEAF_BYTES);
  let group: usize = load<u32>(image, GROUPS);
  for (let left = load<u32>(image, GROUP_COUNT); left > 0; left--) {
    const sums: usize = load<u32>(image, SUMS) + load<u32>(group, GROUP_SUM);
    let tree: usize = load<u32>(group, GROUP_TREES);
    for (let trees = load<u32>(group, GROUP_TREE_COUNT); trees > 0; ) {
      const count: u32 = min(trees, ROW_TREES_A_CHUNK);
      findRowLeaves(tree, count, places, turns, keys, leafBytes);
      addRowLeaves(places, count, sums, leafBytes);
      tree += count * TREE_BYTES;
      trees -= count;
    }
    group += GROUP_BYTES;
  }
}

function addRowLeaves(places: usize, count: u32, sums: usize, leafBytes: usize): void {
  const end = places + (<usize>count << 2);
  if (leafBytes == 4) {
    let sum = load<f32>(sums);
    for (; places < end; places += 4) sum += load<f32>(load<u32>(places));
    store<f32>(sums, sum);
  } else if (leafBytes == 32) {
    let low = v128.load(sums);
    let high = v128.load(sums, 16);
    for (; places < end; places += 4) {
      const leaf: usize = load<u32>(places);
      low = f32x4.add(low, v128.load(leaf));
      high = f32x4.add(high, v128.load(leaf, 16));
    }
    v128.store(sums, low);
    v128.store(sums, high, 16);
  } else {
    for (; places < end; places += 4) addLeaf(load<u32>(places), sums, leafBytes);
  }
}
