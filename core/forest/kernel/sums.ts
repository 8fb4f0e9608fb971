/**
 * Adds the leaves that a block's rows have come to. A row's sums take the trees in their order, one float32 addition
 * after the other from 0 on: the order of ONNX Runtime, so that the sums are the same bits.
 */
import { BLOCK_ROWS, TREE_BYTES, TREE_LEAVES } from '../image-fields';

/** `u8`: paths, by which a tree's leaves are numbered; `u32`: addresses of leaves. */
@inline
function leafAt<Place>(leaves: usize, places: usize, row: usize, leafBytes: usize): usize {
  const place = <usize>load<Place>(places + row * sizeof<Place>());
  return sizeof<Place>() == 1 ? leaves + place * leafBytes : place;
}

/** Trees of a single class: 8 rows at a time, whose sums stay in registers. */
export function addSingles<Place>(trees: usize, count: u32, places: usize, rows: i32, sums: usize): void {
  for (let row = 0; row < rows; row += 8) {
    let a = load<f32>(sums);
    let b = load<f32>(sums, 4);
    let c = load<f32>(sums, 8);
    let d = load<f32>(sums, 12);
    let e = load<f32>(sums, 16);
    let f = load<f32>(sums, 20);
    let g = load<f32>(sums, 24);
    let h = load<f32>(sums, 28);
    let tree = trees;
    let place = places;
    for (let left = count; left > 0; left--) {
      const leaves: usize = load<u32>(tree, TREE_LEAVES);
      a += load<f32>(leafAt<Place>(leaves, place, 0, 4));
      b += load<f32>(leafAt<Place>(leaves, place, 1, 4));
      c += load<f32>(leafAt<Place>(leaves, place, 2, 4));
      d += load<f32>(leafAt<Place>(leaves, place, 3, 4));
      e += load<f32>(leafAt<Place>(leaves, place, 4, 4));
      f += load<f32>(leafAt<Place>(leaves, place, 5, 4));
      g += load<f32>(leafAt<Place>(leaves, place, 6, 4));
      h += load<f32>(leafAt<Place>(leaves, place, 7, 4));
      tree += TREE_BYTES;
      place += BLOCK_ROWS * sizeof<Place>();
    }
    store<f32>(sums, a);
    store<f32>(sums, b, 4);
    store<f32>(sums, c, 8);
    store<f32>(sums, d, 12);
    store<f32>(sums, e, 16);
    store<f32>(sums, f, 20);
    store<f32>(sums, g, 24);
    store<f32>(sums, h, 28);
    sums += 32;
    places += 8 * sizeof<Place>();
  }
}

/** Leaves of up to 4 classes, 4 rows at a time. */
export function addFours<Place>(trees: usize, count: u32, places: usize, rows: i32, sums: usize): void {
  for (let row = 0; row < rows; row += 4) {
    let a = v128.load(sums);
    let b = v128.load(sums, 16);
    let c = v128.load(sums, 32);
    let d = v128.load(sums, 48);
    let tree = trees;
    let place = places;
    for (let left = count; left > 0; left--) {
      const leaves: usize = load<u32>(tree, TREE_LEAVES);
      a = f32x4.add(a, v128.load(leafAt<Place>(leaves, place, 0, 16)));
      b = f32x4.add(b, v128.load(leafAt<Place>(leaves, place, 1, 16)));
      c = f32x4.add(c, v128.load(leafAt<Place>(leaves, place, 2, 16)));
      d = f32x4.add(d, v128.load(leafAt<Place>(leaves, place, 3, 16)));
      tree += TREE_BYTES;
      place += BLOCK_ROWS * sizeof<Place>();
    }
    v128.store(sums, a);
    v128.store(sums, b, 16);
    v128.store(sums, c, 32);
    v128.store(sums, d, 48);
    sums += 64;
    places += 4 * sizeof<Place>();
  }
}

/** Leaves of 5 to 8 classes, 4 rows at a time. */
export function addEights<Place>(trees: usize, count: u32, places: usize, rows: i32, sums: usize): void {
  for (let row = 0; row < rows; row += 4) {
    let a = v128.load(sums);
    let a4 = v128.load(sums, 16);
    let b = v128.load(sums, 32);
    let b4 = v128.load(sums, 48);
    let c = v128.load(sums, 64);
    let c4 = v128.load(sums, 80);
    let d = v128.load(sums, 96);
    let d4 = v128.load(sums, 112);
    let tree = trees;
    let place = places;
    for (let left = count; left > 0; left--) {
      const leaves: usize = load<u32>(tree, TREE_LEAVES);
      let leaf = leafAt<Place>(leaves, place, 0, 32);
      a = f32x4.add(a, v128.load(leaf));
      a4 = f32x4.add(a4, v128.load(leaf, 16));
      leaf = leafAt<Place>(leaves, place, 1, 32);
      b = f32x4.add(b, v128.load(leaf));
      b4 = f32x4.add(b4, v128.load(leaf, 16));
      leaf = leafAt<Place>(leaves, place, 2, 32);
      c = f32x4.add(c, v128.load(leaf));
      c4 = f32x4.add(c4, v128.load(leaf, 16));
      leaf = leafAt<Place>(leaves, place, 3, 32);
      d = f32x4.add(d, v128.load(leaf));
      d4 = f32x4.add(d4, v128.load(leaf, 16));
      tree += TREE_BYTES;
      place += BLOCK_ROWS * sizeof<Place>();
    }
    v128.store(sums, a);
    v128.store(sums, a4, 16);
    v128.store(sums, b, 32);
    v128.store(sums, b4, 48);
    v128.store(sums, c, 64);
    v128.store(sums, c4, 80);
    v128.store(sums, d, 96);
    v128.store(sums, d4, 112);
    sums += 128;
    places += 4 * sizeof<Place>();
  }
}

/** Leaves of any number of classes, padded to fours. */
export function addMany<Place>(
  trees: usize,
  count: u32,
  places: usize,
  rows: i32,
  sums: usize,
  leafBytes: usize,
): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    let tree = trees;
    let place = places;
    for (let left = count; left > 0; left--) {
      addLeaf(leafAt<Place>(load<u32>(tree, TREE_LEAVES), place, row, leafBytes), sums, leafBytes);
      tree += TREE_BYTES;
      place += BLOCK_ROWS * sizeof<Place>();
    }
    sums += leafBytes;
  }
}

@inline
export function addLeaf(leaf: usize, sums: usize, leafBytes: usize): void {
  for (let at: usize = 0; at < leafBytes; at += 16) {
    v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(leaf + at)));
  }
}
