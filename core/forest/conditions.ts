/**
 * The conditions of a forest's upper branches, each once: trees that grow on the same bins of a feature ask the same
 * questions again and again (the shipped model's 28,000 branches ask 5,900).
 */
import type { Forest } from './forest.ts';
import { STEM_LEVELS_MAX } from './image-fields.ts';

/** Conditions of one feature whose branches send a missing value the same way. */
export interface ConditionColumn {
  readonly missingIsTrue: boolean;
  /** Ascending; a value below one is below all that follow. */
  readonly limits: Int32Array;
  /** Slot of the first condition; the slot after the last one stands for "none is true". */
  readonly firstSlot: number;
}

export interface FeatureConditions {
  /** Limits of all columns, ascending, each once. */
  readonly limits: Int32Array;
  /** None where no branch looks at the feature, else one or two. */
  readonly columns: readonly ConditionColumn[];
}

export interface Conditions {
  /** One entry a feature. */
  readonly features: readonly FeatureConditions[];
  readonly slotCount: number;
  /** Slot of the condition of a branch in a stem. */
  slotOf(node: number): number;
}

/** A condition that is never true: where a tree ends early, its path goes on by the false side. */
export const NEVER_SLOT = 0;

export function collectConditions({ nodes, featureCount }: Forest): Conditions {
  const found = Array.from({ length: featureCount }, () => [new Set<number>(), new Set<number>()] as const);
  for (let node = 0; node < nodes.features.length; node += 1) {
    const feature = nodes.features[node] as number;
    if (feature === -1 || (nodes.depths[node] as number) >= STEM_LEVELS_MAX) continue;
    found[feature]?.[nodes.missingIsTrue[node] === 1 ? 1 : 0].add(nodes.limits[node] as number);
  }
  let slotCount = NEVER_SLOT + 1;
  const slots = new Map<number, number>();
  const features = found.map((sets, feature) => {
    const columns: ConditionColumn[] = [];
    sets.forEach((set, side) => {
      if (set.size === 0) return;
      const limits = Int32Array.from(set).sort();
      limits.forEach((limit, index) => {
        slots.set(conditionId(feature, side, limit), slotCount + index);
      });
      columns.push({ missingIsTrue: side === 1, limits, firstSlot: slotCount });
      slotCount += limits.length + 1;
    });
    return { limits: Int32Array.from(new Set([...sets[0], ...sets[1]])).sort(), columns };
  });
  return {
    features,
    slotCount,
    slotOf(node) {
      const side = nodes.missingIsTrue[node] === 1 ? 1 : 0;
      const id = conditionId(nodes.features[node] as number, side, nodes.limits[node] as number);
      return slots.get(id) as number; // of a branch of some stem, all of which were collected
    },
  };
}

/** Features are far fewer than 2^20, and limits have 32 bits: the number is exact. */
function conditionId(feature: number, side: number, limit: number): number {
  return (feature * 2 + side) * 2 ** 32 + (limit + 2 ** 31);
}

/** How many of a column's conditions are false for a value between two of the feature's limits: those at or below. */
export function falseCount(column: ConditionColumn, limit: number | undefined): number {
  if (limit === undefined) return 0;
  let low = 0;
  let high = column.limits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column.limits[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
