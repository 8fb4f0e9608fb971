/** Lays a forest out in the kernel's memory, by its plan. */
import { type Conditions, collectConditions, falseCount } from './conditions.ts';
import type { Forest, ScoreForm, Transform } from './forest.ts';
import * as fields from './image-fields.ts';
import { type ImagePlan, MASK_BYTES_EACH, type MemoryViews, maskOf, planImage } from './image-plan.ts';
import { searchLevels } from './search-levels.ts';
import { writeTrees } from './tree-image.ts';

const FORMS: Readonly<Record<ScoreForm, number>> = {
  multiclass: fields.FORM_MULTICLASS,
  pair: fields.FORM_PAIR,
  binary: fields.FORM_BINARY,
  'binary-positive': fields.FORM_BINARY_POSITIVE,
  regression: fields.FORM_REGRESSION,
};
const TRANSFORMS: Readonly<Record<Transform, number>> = {
  NONE: fields.TRANSFORM_NONE,
  SOFTMAX: fields.TRANSFORM_SOFTMAX,
  LOGISTIC: fields.TRANSFORM_LOGISTIC,
};

export interface ForestImage {
  readonly memory: WebAssembly.Memory;
  readonly plan: ImagePlan;
}

const PAGE_BYTES = 65_536;

/** @throws {ForestError} `unsupported` when it would take too much memory. */
export function layImage(forest: Forest): ForestImage {
  const conditions = collectConditions(forest);
  const plan = planImage(forest, conditions);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / PAGE_BYTES) });
  const views: MemoryViews = {
    words: new Uint32Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
    floats: new Float32Array(memory.buffer),
  };
  writeHead(views, forest, conditions, plan);
  writeConditions(views, conditions, plan);
  writeTrees(views, forest, conditions, plan);
  return { memory, plan };
}

function writeHead(
  { words, floats }: MemoryViews,
  forest: Forest,
  conditions: Conditions,
  plan: ImagePlan,
): void {
  const { at, leafBytes, isOneClassATree } = plan;
  const rowSums = isOneClassATree ? forest.sumCount * 4 : leafBytes;
  const columnCount = conditions.features.reduce((sum, { columns }) => sum + columns.length, 0);
  const head: readonly (readonly [field: number, value: number])[] = [
    [fields.FEATURE_COUNT, forest.featureCount],
    [fields.FEATURES, at.features],
    [fields.COLUMN_COUNT, columnCount],
    [fields.COLUMNS, at.columns],
    [fields.MASKS, at.masks],
    [fields.MASK_BYTES, conditions.slotCount * MASK_BYTES_EACH],
    [fields.TURNS, at.turns],
    [fields.KEYS, at.keys],
    [fields.GROUP_COUNT, plan.groups.length],
    [fields.GROUPS, at.groups],
    [fields.SUMS, at.sums],
    [fields.SUM_BYTES, rowSums * fields.BLOCK_ROWS],
    [fields.SUM_COUNT, forest.sumCount],
    [fields.SUM_ROW_STEP, isOneClassATree ? 4 : leafBytes],
    [fields.SUM_CLASS_STEP, isOneClassATree ? 4 * fields.BLOCK_ROWS : 4],
    [fields.LEAF_BYTES, leafBytes],
    [fields.BASE_VALUES, at.baseValues],
    [fields.SCORE_FORM, FORMS[forest.form]],
    [fields.TRANSFORM, TRANSFORMS[forest.transform]],
    [fields.PATHS, at.paths],
    [fields.LEAF_PLACES, at.leafPlaces],
    [fields.KEY_ROW_BYTES, plan.keyRowBytes],
  ];
  for (const [field, value] of head) words[(at.head + field) / 4] = value;
  floats.set(forest.baseValues, at.baseValues / 4);
}

function writeConditions({ words, floats }: MemoryViews, { features }: Conditions, plan: ImagePlan): void {
  const { at } = plan;
  let map = at.maps;
  let level = at.searchLevels;
  let list = at.columns;
  features.forEach(({ limits, columns }, index) => {
    const feature = at.features + index * fields.FEATURE_BYTES;
    words[(feature + fields.FEATURE_COLUMN_COUNT) / 4] = columns.length;
    if (columns.length === 0) return;
    const levels = searchLevels(limits);
    words[(feature + fields.SEARCH_LEVEL_COUNT) / 4] = levels.length;
    words[(feature + fields.MISSING_ENTRY) / 4] = (limits.length + 1) * 4;
    levels.forEach((values, depth) => {
      words[(feature + fields.SEARCH_LEVELS) / 4 + depth] = level;
      floats.set(values, level / 4);
      level += values.length * 4;
    });
    columns.forEach((column, side) => {
      const first = maskOf(plan, column.firstSlot);
      const none = column.limits.length;
      const record = (feature + fields.FEATURE_COLUMNS + side * fields.FEATURE_COLUMN_BYTES) / 4;
      words[record + fields.COLUMN_MAP / 4] = map;
      words[record + fields.COLUMN_FIRST_MASK / 4] = first;
      words[record + fields.COLUMN_MASK_COUNT / 4] = none + 1;
      words[(list + fields.FIRST_MASK) / 4] = first;
      words[(list + fields.CONDITION_COUNT) / 4] = none;
      list += fields.COLUMN_BYTES;
      for (let rank = 0; rank <= limits.length; rank += 1) {
        const isFalse = falseCount(column, limits[rank - 1]);
        words[map / 4 + rank] = first + isFalse * MASK_BYTES_EACH;
      }
      words[map / 4 + limits.length + 1] = first + (column.missingIsTrue ? 0 : none) * MASK_BYTES_EACH;
      map += (limits.length + 2) * 4;
    });
  });
}
