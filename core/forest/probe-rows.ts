/**
 * Rows on which two engines that read a forest differently would show it: values at, just below and just above the
 * forest's own thresholds, missing ones, infinities, both zeros and the smallest numbers.
 */
import type { Forest } from './forest.ts';
import { INFINITY_KEY, valueOfKey } from './order-key.ts';

export interface ProbeRows {
  /** `rowCount` x `featureCount`. */
  readonly features: Float32Array;
  readonly rowCount: number;
}

/** 10 µs a row in ONNX Runtime, for the shipped model: 770 rows, 8 ms. */
const ROWS_MAX = 4096;
const AROUND = [-1, 0, 1] as const;
const SPECIAL = [
  Number.NaN,
  0,
  -0,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1.4e-45,
  -1.4e-45,
  1e-39,
  3.4028235e38,
  -3.4028235e38,
  1,
] as const;
/** Of the values in rows of thresholds, one in so many is missing. */
const MISSING_EVERY = 8;

/** Every threshold of every feature is there, as long as no feature has more than a third of `ROWS_MAX`. */
export function probeRows(forest: Forest): ProbeRows {
  const { featureCount } = forest;
  const limits = limitsOf(forest);
  const most = limits.reduce((longest, { length }) => Math.max(longest, length), 0);
  const thresholdRows = Math.min(most * AROUND.length, ROWS_MAX - SPECIAL.length);
  const rowCount = SPECIAL.length + thresholdRows;
  const features = new Float32Array(rowCount * featureCount);
  SPECIAL.forEach((value, row) => {
    features.fill(value, row * featureCount, (row + 1) * featureCount);
  });
  const random = createLot();
  for (let row = SPECIAL.length; row < rowCount; row += 1) {
    for (let feature = 0; feature < featureCount; feature += 1) {
      features[row * featureCount + feature] = valueNear(
        limits[feature] as readonly number[],
        row + feature,
        random,
      );
    }
  }
  return { features, rowCount };
}

/** Ascending limits of each feature's branches, each once. */
function limitsOf({ nodes, featureCount }: Forest): number[][] {
  const found = Array.from({ length: featureCount }, () => new Set<number>());
  nodes.features.forEach((feature, node) => {
    found[feature]?.add(nodes.limits[node] as number);
  });
  return found.map((set) => [...set].sort((one, other) => one - other));
}

function valueNear(limits: readonly number[], turn: number, random: () => number): number {
  const special = SPECIAL[turn % SPECIAL.length] as number;
  if (limits.length === 0) return special;
  if (random() % MISSING_EVERY === 0) return Number.NaN;
  const limit = limits[Math.floor(turn / AROUND.length) % limits.length] as number;
  const key = limit + (AROUND[turn % AROUND.length] as number);
  // The key of minus infinity is minus that of infinity, less 1.
  return valueOfKey(Math.max(-INFINITY_KEY - 1, Math.min(INFINITY_KEY, key)));
}

/** The same lots whenever a forest is probed: a shard's bytes must not depend on chance. */
function createLot(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
