/**
 * Exact path-dependent SHAP values of one row for all sums at once. Source: Lundberg, Erion and Lee, "Consistent
 * individualized feature attribution for tree ensembles" (2018); the way is another.
 *
 * On the path to a leaf, each feature is either satisfied by the row (`o` is 1, else 0) or unknown, where the share `z`
 * of rows takes this path. The Shapley weight of a subset is an integral, |S|! (m - |S| - 1)! / m! =
 * ∫ t^|S| (1 - t)^(m - |S| - 1) dt, so that the sum over all subsets becomes a product:
 *
 *   contribution of feature i = weight (o_i - z_i) ∫ Π over j ≠ i of (t o_j + (1 - t) z_j) dt
 *
 * The integrand is a polynomial of degree m - 1, for which a quadrature at m / 2 points is exact. Products then pass
 * down the tree, and sums of weights times products pass up: a step a node and no step a subset or a pair of features.
 * An edge whose feature was asked above takes that edge's factor out and puts its own in.
 */
import {
  CONTRIBUTIONS,
  FEATURE_COUNT,
  KEYS,
  KIND_LEAF,
  KIND_ROOT,
  KIND_TRUE_SIDE,
  NODE_BYTES,
  NODE_COUNT,
  NODE_FEATURE,
  NODE_KEY,
  NODE_KIND,
  NODE_LEAF,
  NODE_LIMIT,
  NODE_SAME,
  NODE_SHARE,
  NODE_STEP,
  NODES,
  PAIR_BYTES,
  PAIR_COUNT,
  PAIR_GAIN,
  PAIR_INVERSE,
  PAIR_MORE,
  PAIR_PRODUCT,
  POINT_WEIGHTS,
  POINTS,
  STEP_FEATURE,
  STEP_IS_TAKEN,
  STEP_IS_TRUE,
  STEP_KIND,
  STEP_PAIRS,
  STEPS,
  SUM_COUNT,
} from '../explanation-fields';
import { writeKeys } from './ranks';

/** Adds the contributions of a row of features, NaN for missing, to those that are there. */
export function explainRow(image: usize, values: usize): void {
  const keys: usize = load<u32>(image, KEYS);
  writeKeys(values, load<u32>(image, FEATURE_COUNT), keys);
  const sums = load<u32>(image, SUM_COUNT);
  const pairs = load<u32>(image, PAIR_COUNT);
  const steps: usize = load<u32>(image, STEPS);
  const contributions: usize = load<u32>(image, CONTRIBUTIONS);
  const sumBytes: usize = sums << 4;
  const stepBytes = (sumBytes + PAIR_BYTES) * pairs + STEP_PAIRS;
  const root = steps + stepBytes;
  /** The deepest step whose subtree is not done. */
  let open = root;
  let node: usize = load<u32>(image, NODES);
  const end = node + load<u32>(image, NODE_COUNT) * NODE_BYTES;
  for (; node < end; node += NODE_BYTES) {
    const step = steps + load<u32>(node, NODE_STEP);
    for (; open >= step && open > root; open -= stepBytes) {
      closeStep(open, open - stepBytes, contributions, sums, pairs);
    }
    const kind = load<u32>(node, NODE_KIND);
    if (kind & KIND_ROOT) openRoot(image, step, pairs);
    else openStep(image, node, step, step - stepBytes, steps + load<u32>(node, NODE_SAME), kind, pairs);
    if (kind & KIND_LEAF) {
      // A tree that is a lone leaf contributes to the bias alone.
      if (!(kind & KIND_ROOT)) closeLeaf(node, step, step - stepBytes, contributions, sums, pairs);
    } else {
      const isTrue = load<i32>(keys + load<u32>(node, NODE_KEY)) < load<i32>(node, NODE_LIMIT);
      store<u32>(step, u32(isTrue), STEP_IS_TRUE);
      store<u32>(step, load<u32>(node, NODE_FEATURE), STEP_FEATURE);
      store<u32>(step, kind, STEP_KIND);
      open = step;
    }
  }
  for (; open > root; open -= stepBytes) closeStep(open, open - stepBytes, contributions, sums, pairs);
}

/**
 * What the sums above keep when a side is added to them: nothing where it is the true side, which comes first. So they
 * need not be cleared; clearing them for every branch took a tenth of the time.
 */
@inline
function kept(kind: u32): v128 {
  return i32x4.splat((<i32>kind & KIND_TRUE_SIDE) - 1);
}

@inline
function sumsOf(step: usize, pairs: u32): usize {
  return step + STEP_PAIRS + <usize>pairs * PAIR_BYTES;
}

function openRoot(image: usize, step: usize, pairs: u32): void {
  let weight: usize = load<u32>(image, POINT_WEIGHTS);
  let pair = step + STEP_PAIRS;
  for (let left = pairs; left > 0; left--) {
    v128.store(pair, v128.load(weight), PAIR_PRODUCT);
    weight += 16;
    pair += PAIR_BYTES;
  }
}

/** Follows the edge to a node; `same` is the step of the last edge above that looked at the same feature. */
function openStep(
  image: usize,
  node: usize,
  step: usize,
  above: usize,
  same: usize,
  kind: u32,
  pairs: u32,
): void {
  const isOnSide = load<u32>(above, STEP_IS_TRUE) == (kind & KIND_TRUE_SIDE);
  const isTaken = isOnSide && load<u32>(same, STEP_IS_TAKEN) != 0;
  store<u32>(step, u32(isTaken), STEP_IS_TAKEN);
  const share = load<f64>(node, NODE_SHARE);
  const shares = f64x2.splat(share);
  const one = f64x2.splat(1);
  let point: usize = load<u32>(image, POINTS);
  let pair = step + STEP_PAIRS;
  let pairAbove = above + STEP_PAIRS;
  let pairSame = same + STEP_PAIRS;
  for (let left = pairs; left > 0; left--) {
    const t = v128.load(point);
    const factor = isTaken
      ? f64x2.add(t, f64x2.mul(f64x2.sub(one, t), shares))
      : f64x2.mul(f64x2.sub(one, t), shares);
    // A side that no row of training took, and neither does this one, has no part in anything.
    const inverse = share == 0 && !isTaken ? f64x2.splat(0) : f64x2.div(one, factor);
    const gain = f64x2.mul(f64x2.sub(f64x2.splat(isTaken ? 1 : 0), shares), inverse);
    const product = f64x2.mul(v128.load(pairAbove, PAIR_PRODUCT), v128.load(pairSame, PAIR_INVERSE));
    v128.store(pair, f64x2.mul(product, factor), PAIR_PRODUCT);
    v128.store(pair, inverse, PAIR_INVERSE);
    v128.store(pair, gain, PAIR_GAIN);
    v128.store(pair, f64x2.sub(gain, v128.load(pairSame, PAIR_GAIN)), PAIR_MORE);
    point += 16;
    pair += PAIR_BYTES;
    pairAbove += PAIR_BYTES;
    pairSame += PAIR_BYTES;
  }
}

/** Hands a leaf's weights, times the product of its path, to the edge that leads to it and to what is above. */
function closeLeaf(
  node: usize,
  step: usize,
  above: usize,
  contributions: usize,
  sums: u32,
  pairs: u32,
): void {
  let weight: usize = load<u32>(node, NODE_LEAF);
  let contribution = contributions + load<u32>(node, NODE_FEATURE);
  let up = sumsOf(above, pairs);
  const keep = kept(load<u32>(node, NODE_KIND));
  const first = step + STEP_PAIRS;
  // Two pairs serve all trees of up to 8 features a path, and stay in registers.
  if (pairs == 2) {
    const product = v128.load(first, PAIR_PRODUCT);
    const other = v128.load(first, PAIR_BYTES + PAIR_PRODUCT);
    const more = v128.load(first, PAIR_MORE);
    const otherMore = v128.load(first, PAIR_BYTES + PAIR_MORE);
    for (let left = sums; left > 0; left--) {
      const weights = v128.load64_splat(weight);
      const a = f64x2.mul(product, weights);
      const b = f64x2.mul(other, weights);
      v128.store(up, f64x2.add(v128.and(v128.load(up), keep), a));
      v128.store(up, f64x2.add(v128.and(v128.load(up, 16), keep), b), 16);
      const moved = f64x2.add(f64x2.mul(more, a), f64x2.mul(otherMore, b));
      v128.store(contribution, f64x2.add(v128.load(contribution), moved));
      weight += 8;
      up += 32;
      contribution += 16;
    }
    return;
  }
  for (let left = sums; left > 0; left--) {
    const weights = v128.load64_splat(weight);
    let moved = v128.load(contribution);
    let pair = first;
    for (let index = pairs; index > 0; index--) {
      const part = f64x2.mul(v128.load(pair, PAIR_PRODUCT), weights);
      v128.store(up, f64x2.add(v128.and(v128.load(up), keep), part));
      moved = f64x2.add(moved, f64x2.mul(v128.load(pair, PAIR_MORE), part));
      pair += PAIR_BYTES;
      up += 16;
    }
    v128.store(contribution, moved);
    weight += 8;
    contribution += 16;
  }
}

/** The same for a branch whose two sides are done. */
function closeStep(step: usize, above: usize, contributions: usize, sums: u32, pairs: u32): void {
  let contribution = contributions + load<u32>(step, STEP_FEATURE);
  let own = sumsOf(step, pairs);
  let up = sumsOf(above, pairs);
  const keep = kept(load<u32>(step, STEP_KIND));
  const first = step + STEP_PAIRS;
  if (pairs == 2) {
    const more = v128.load(first, PAIR_MORE);
    const otherMore = v128.load(first, PAIR_BYTES + PAIR_MORE);
    for (let left = sums; left > 0; left--) {
      const a = v128.load(own);
      const b = v128.load(own, 16);
      v128.store(up, f64x2.add(v128.and(v128.load(up), keep), a));
      v128.store(up, f64x2.add(v128.and(v128.load(up, 16), keep), b), 16);
      const moved = f64x2.add(f64x2.mul(more, a), f64x2.mul(otherMore, b));
      v128.store(contribution, f64x2.add(v128.load(contribution), moved));
      own += 32;
      up += 32;
      contribution += 16;
    }
    return;
  }
  for (let left = sums; left > 0; left--) {
    let moved = v128.load(contribution);
    let pair = first;
    for (let index = pairs; index > 0; index--) {
      const part = v128.load(own);
      v128.store(up, f64x2.add(v128.and(v128.load(up), keep), part));
      moved = f64x2.add(moved, f64x2.mul(v128.load(pair, PAIR_MORE), part));
      pair += PAIR_BYTES;
      own += 16;
      up += 16;
    }
    v128.store(contribution, moved);
    contribution += 16;
  }
}
