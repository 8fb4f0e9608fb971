import { describe, expect, it } from 'vitest';
import { readBoosterJson } from '../../../../trainer/onnx/tree-ensemble.ts';
import {
  predictRowsPerSecond,
  REFERENCE_FOREST,
  visitsPerRow,
} from '../../../../trainer/tune/objective/predicted-speed.ts';
import { CLASSES, trainSmallForest } from '../../small-forest.ts';

describe('the predicted speed', () => {
  it('is that of the reference forest for its visits, and half for twice as many', () => {
    const { visitsPerRow: visits } = REFERENCE_FOREST;
    expect(predictRowsPerSecond(visits)).toBe(44_000);
    expect(predictRowsPerSecond(2 * visits)).toBe(22_000);
    expect(Number.isFinite(predictRowsPerSecond(0))).toBe(true);
  });

  it('counts one branch a tree for stumps', () => {
    const { json, rows } = trainSmallForest(4, { max_depth: 1 });
    expect(visitsPerRow(readBoosterJson(json), rows)).toBe(4 * CLASSES);
  });

  it('counts at most the depth of each tree, and adds up over trees', () => {
    const { json, rows } = trainSmallForest(6, { max_depth: 4 });
    const ensemble = readBoosterJson(json);
    const visits = visitsPerRow(ensemble, rows);
    expect(visits).toBeLessThanOrEqual(4 * ensemble.treeCount);
    expect(visits).toBeGreaterThan(2 * ensemble.treeCount);
  });
});
