/** Places of the numbers of an explanation's image; compiled by AssemblyScript too. Offsets are in bytes. */

/** The image's head. */
export const NODES = 0;
export const NODE_COUNT = 4;
export const FEATURE_COUNT = 8;
export const SUM_COUNT = 12;
/** Pairs of quadrature points. */
export const PAIR_COUNT = 16;
/** Float64 of each point: where it lies, and its weight. */
export const POINTS = 20;
export const POINT_WEIGHTS = 24;
export const KEYS = 28;
/** Records of the path from the root to the node at hand, and before them one that stands for "no edge". */
export const STEPS = 32;
/** Contributions, two float64 for each feature and sum, whose sum counts. */
export const CONTRIBUTIONS = 36;
export const HEAD_BYTES = 40;

/** A node, depth first. */
export const NODE_LIMIT = 0;
export const NODE_KEY = 4;
/** Byte offset of its step, which follows from its depth; the root has none before it. */
export const NODE_STEP = 8;
/** Step of the last edge above that looks at the same feature; 0, "no edge", where there is none. */
export const NODE_SAME = 12;
export const NODE_KIND = 16;
/** Byte offset of the contributions of the feature that led to this node. */
export const NODE_FEATURE = 20;
/** Float64: share of the rows of the first branch on this feature that come to this node, as far as it decides. */
export const NODE_SHARE = 24;
/** Address of a leaf's weights, float64 a sum. */
export const NODE_LEAF = 32;
export const NODE_BYTES = 40;

/** Bits of `NODE_KIND`. */
export const KIND_TRUE_SIDE = 1;
export const KIND_LEAF = 2;
export const KIND_ROOT = 4;

/** A step: what is known of the edge that leads to a node. Then come records of pairs, and the sums, pair by pair. */
export const STEP_IS_TRUE = 0;
export const STEP_IS_TAKEN = 4;
export const STEP_FEATURE = 8;
export const STEP_KIND = 12;
export const STEP_PAIRS = 16;
/** Product of the path's factors. */
export const PAIR_PRODUCT = 0;
/** 1 divided by the edge's own factor. */
export const PAIR_INVERSE = 16;
/** What knowing the edge's feature changes, and by how much more than at the last edge of the same feature. */
export const PAIR_GAIN = 32;
export const PAIR_MORE = 48;
export const PAIR_BYTES = 64;
