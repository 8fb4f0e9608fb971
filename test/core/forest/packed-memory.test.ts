import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createExplainer } from '../../../core/forest/explain.ts';
import { layExplanation } from '../../../core/forest/explanation-image.ts';
import { createForestKernel, layKernel } from '../../../core/forest/forest-kernel.ts';
import { packMemory, unpackMemory } from '../../../core/forest/packed-memory.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { rowsWithSugars, tinyModel } from '../../contracts/scorer.ts';

const kernelModule = new WebAssembly.Module(
  readFileSync(new URL('../../../core/forest/kernel.wasm', import.meta.url)),
);

describe('an image of a forest, packed and unpacked', () => {
  it('scores as the forest does', async () => {
    const forest = readForest((await tinyModel()).onnx);
    const image = unpackMemory(structuredClone(packMemory(layKernel(forest))));
    const rows = rowsWithSugars(0, 12, 40);
    const [direct, unpacked] = [new Float32Array(15), new Float32Array(15)];
    createForestKernel(kernelModule, forest).scoreInto(rows, 3, direct);
    createForestKernel(kernelModule, forest, image).scoreInto(rows, 3, unpacked);
    expect(unpacked).toEqual(direct);
  });

  it('explains as the forest does', async () => {
    const forest = readForest((await tinyModel()).onnx);
    const image = unpackMemory(structuredClone(packMemory(layExplanation(forest))));
    const row = rowsWithSugars(12);
    const direct = createExplainer(kernelModule, forest).explain(row);
    expect(createExplainer(kernelModule, forest, image).explain(row)).toEqual(direct);
  });
});
