/**
 * Places of the numbers that TypeScript writes and the kernel reads: one table for both, since this file is compiled
 * by AssemblyScript too. All are offsets in bytes from the start of a record; records hold 32-bit numbers.
 */

/** The kernel's own constants lie below. */
export const IMAGE_BEGIN = 4096;

/** Rows that one pass takes side by side: one bit each of a 128-bit vector. */
export const BLOCK_ROWS = 128;
/** Levels of a tree whose branches are all decided for a block at once; a path's bits fill a byte. */
export const STEM_LEVELS_MAX = 8;
/** Trees whose leaves are looked up before the next ones are walked: their paths stay in the first-level cache. */
export const TREES_A_CHUNK = 32;

/** The image's head. */
export const FEATURE_COUNT = 0;
export const FEATURES = 4;
export const COLUMN_COUNT = 8;
export const COLUMNS = 12;
export const MASKS = 16;
export const MASK_BYTES = 20;
export const TURNS = 24;
export const KEYS = 28;
export const GROUP_COUNT = 32;
export const GROUPS = 36;
export const SUMS = 40;
export const SUM_BYTES = 44;
export const SUM_COUNT = 48;
/** Bytes from a row's sum to the next row's, and from a class's to the next class's. */
export const SUM_ROW_STEP = 52;
export const SUM_CLASS_STEP = 56;
export const LEAF_BYTES = 60;
export const BASE_VALUES = 64;
export const SCORE_FORM = 68;
export const TRANSFORM = 72;
export const PATHS = 76;
export const LEAF_PLACES = 80;
/** Bytes of a row's order keys; 0 where no tree has a tail. */
export const KEY_ROW_BYTES = 84;
export const HEAD_BYTES = 88;

/** A feature's thresholds, in levels of 16 to 1, and its one or two columns of conditions. */
export const SEARCH_LEVEL_COUNT = 0;
/** Byte offset, in a column's map, of the entry for a missing value. */
export const MISSING_ENTRY = 4;
export const FEATURE_COLUMN_COUNT = 8;
export const FEATURE_COLUMNS = 12;
export const SEARCH_LEVELS = 36;
export const SEARCH_LEVELS_MAX = 6;
export const FEATURE_BYTES = 60;

/** A feature's column: the map from a value's rank to the mask where it becomes true, and the column's masks. */
export const COLUMN_MAP = 0;
export const COLUMN_FIRST_MASK = 4;
/** Masks of the column, with one more for rows for which no condition is true. */
export const COLUMN_MASK_COUNT = 8;
export const FEATURE_COLUMN_BYTES = 12;

/** An entry of the list of all columns. */
export const FIRST_MASK = 0;
export const CONDITION_COUNT = 4;
export const COLUMN_BYTES = 8;

/** Trees that add to the same sums and are looked up the same way. */
export const GROUP_TREES = 0;
export const GROUP_TREE_COUNT = 4;
/** Bytes from the first sum to that of the group's class. */
export const GROUP_SUM = 8;
export const GROUP_HAS_TAILS = 12;
export const GROUP_BYTES = 16;

export const TREE_NODES = 0;
export const TREE_LEAVES = 4;
export const TREE_LEVELS = 8;
/** What each path through the stem leads to; 0 where that is always a leaf of `TREE_LEAVES`. */
export const TREE_ENDS = 12;
export const TREE_BYTES = 16;

/** A branch below the stem. Ends and branches lead to a leaf's address, or to a branch's address plus 1. */
export const TAIL_LIMIT = 0;
export const TAIL_KEY = 4;
export const TAIL_TRUE = 8;
export const TAIL_FALSE = 12;
export const TAIL_BYTES = 16;
export const IS_TAIL = 1;

/** Values of `SCORE_FORM`. */
export const FORM_MULTICLASS = 0;
/** Two classes with a sum each; the second is the label where its sum is above 0. */
export const FORM_PAIR = 1;
/** Two classes and one sum, the second's; above 0 it is the label. */
export const FORM_BINARY = 2;
/** As before, but of positive weights alone: above one half. */
export const FORM_BINARY_POSITIVE = 3;
export const FORM_REGRESSION = 4;

/** Values of `TRANSFORM`. */
export const TRANSFORM_NONE = 0;
export const TRANSFORM_SOFTMAX = 1;
export const TRANSFORM_LOGISTIC = 2;
