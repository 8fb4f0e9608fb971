import { expect, it } from 'vitest';
import { createOnnxScorer } from '../../../worker/adapters/onnx-scorer.ts';
import { describeScorer, tinyModel } from '../../contracts/scorer.ts';

describeScorer('onnxruntime', createOnnxScorer);

it('refuses bytes that are no model', async () => {
  const broken = { ...(await tinyModel()), onnx: new TextEncoder().encode('not a model') };
  await expect(createOnnxScorer(broken)).rejects.toMatchObject({ code: 'model-damaged' });
});
