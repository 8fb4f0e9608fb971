/**
 * Walks the upper levels of a tree for 128 rows at once. A condition is a vector of 128 bits, one a row. Of the
 * branches on a level, each row's is chosen by the bits that its path has so far: a tree of halves of bit selections.
 * No row is branched on, nothing is gathered, and a branch costs five instructions for all rows together.
 */
import { TREE_LEVELS, TREE_NODES } from '../image-fields';

@inline
function condition(nodes: usize, node: usize): v128 {
  return v128.load(load<u32>(nodes + (node << 2)));
}

/** Of 2, 4, … 128 branches from `node` on, each row's own; the bits of its path, the root's first, choose. */
@inline
function of2(nodes: usize, node: usize, a: v128): v128 {
  return v128.bitselect(condition(nodes, node + 1), condition(nodes, node), a);
}

@inline
function of4(nodes: usize, node: usize, a: v128, b: v128): v128 {
  return v128.bitselect(of2(nodes, node + 2, a), of2(nodes, node, a), b);
}

@inline
function of8(nodes: usize, node: usize, a: v128, b: v128, c: v128): v128 {
  return v128.bitselect(of4(nodes, node + 4, a, b), of4(nodes, node, a, b), c);
}

@inline
function of16(nodes: usize, node: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.bitselect(of8(nodes, node + 8, a, b, c), of8(nodes, node, a, b, c), d);
}

@inline
function of32(nodes: usize, node: usize, a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return v128.bitselect(of16(nodes, node + 16, a, b, c, d), of16(nodes, node, a, b, c, d), e);
}

@inline
function of64(nodes: usize, node: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128): v128 {
  return v128.bitselect(of32(nodes, node + 32, a, b, c, d, e), of32(nodes, node, a, b, c, d, e), f);
}

@inline
function of128(
  nodes: usize,
  node: usize,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  e: v128,
  f: v128,
  g: v128,
): v128 {
  return v128.bitselect(of64(nodes, node + 64, a, b, c, d, e, f), of64(nodes, node, a, b, c, d, e, f), g);
}

/**
 * Writes each row's path through the tree's stem as a byte: the root's decision is its lowest bit, 1 is true. Nodes
 * lie level by level, those of a level in the order of the paths that lead to them: so the bits that are known first
 * are needed first.
 */
export function walkStem(tree: usize, paths: usize): void {
  const nodes: usize = load<u32>(tree, TREE_NODES);
  const levels = load<u32>(tree, TREE_LEVELS);
  const none = i64x2.splat(0);
  const a = condition(nodes, 0);
  if (levels == 1) return spread(a, none, none, none, none, none, none, none, paths);
  const b = of2(nodes, 1, a);
  if (levels == 2) return spread(a, b, none, none, none, none, none, none, paths);
  const c = of4(nodes, 3, a, b);
  if (levels == 3) return spread(a, b, c, none, none, none, none, none, paths);
  const d = of8(nodes, 7, a, b, c);
  if (levels == 4) return spread(a, b, c, d, none, none, none, none, paths);
  const e = of16(nodes, 15, a, b, c, d);
  if (levels == 5) return spread(a, b, c, d, e, none, none, none, paths);
  const f = of32(nodes, 31, a, b, c, d, e);
  if (levels == 6) return spread(a, b, c, d, e, f, none, none, paths);
  const g = of64(nodes, 63, a, b, c, d, e, f);
  if (levels == 7) return spread(a, b, c, d, e, f, g, none, paths);
  spread(a, b, c, d, e, f, g, of128(nodes, 127, a, b, c, d, e, f, g), paths);
}

/** Exchanges the upper half of a pair of bits, pairs or nibbles of `low` with the lower half of `high`. */
@inline
function exchanged(low: v128, high: v128, shift: i32, mask: v128): v128 {
  return v128.and(v128.xor(i16x8.shr_u(low, shift), high), mask);
}

/** 128 numbers of 8 bits out of 8 planes of 128 bits: the transposition of 8 x 8 bits, 16 times side by side. */
function spread(
  p0: v128,
  p1: v128,
  p2: v128,
  p3: v128,
  p4: v128,
  p5: v128,
  p6: v128,
  p7: v128,
  paths: usize,
): void {
  const singles = i8x16.splat(0x55);
  let t = exchanged(p0, p1, 1, singles);
  p0 = v128.xor(p0, i16x8.shl(t, 1));
  p1 = v128.xor(p1, t);
  t = exchanged(p2, p3, 1, singles);
  p2 = v128.xor(p2, i16x8.shl(t, 1));
  p3 = v128.xor(p3, t);
  t = exchanged(p4, p5, 1, singles);
  p4 = v128.xor(p4, i16x8.shl(t, 1));
  p5 = v128.xor(p5, t);
  t = exchanged(p6, p7, 1, singles);
  p6 = v128.xor(p6, i16x8.shl(t, 1));
  p7 = v128.xor(p7, t);
  const pairs = i8x16.splat(0x33);
  t = exchanged(p0, p2, 2, pairs);
  p0 = v128.xor(p0, i16x8.shl(t, 2));
  p2 = v128.xor(p2, t);
  t = exchanged(p1, p3, 2, pairs);
  p1 = v128.xor(p1, i16x8.shl(t, 2));
  p3 = v128.xor(p3, t);
  t = exchanged(p4, p6, 2, pairs);
  p4 = v128.xor(p4, i16x8.shl(t, 2));
  p6 = v128.xor(p6, t);
  t = exchanged(p5, p7, 2, pairs);
  p5 = v128.xor(p5, i16x8.shl(t, 2));
  p7 = v128.xor(p7, t);
  const nibbles = i8x16.splat(0x0f);
  t = exchanged(p0, p4, 4, nibbles);
  v128.store(paths, v128.xor(p0, i16x8.shl(t, 4)));
  v128.store(paths, v128.xor(p4, t), 64);
  t = exchanged(p1, p5, 4, nibbles);
  v128.store(paths, v128.xor(p1, i16x8.shl(t, 4)), 16);
  v128.store(paths, v128.xor(p5, t), 80);
  t = exchanged(p2, p6, 4, nibbles);
  v128.store(paths, v128.xor(p2, i16x8.shl(t, 4)), 32);
  v128.store(paths, v128.xor(p6, t), 96);
  t = exchanged(p3, p7, 4, nibbles);
  v128.store(paths, v128.xor(p3, i16x8.shl(t, 4)), 48);
  v128.store(paths, v128.xor(p7, t), 112);
}
