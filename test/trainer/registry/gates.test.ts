import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import { type Candidate, GATES, judgeCandidate } from '../../../trainer/registry/gates.ts';
import { type ModelFiles, readModelFiles } from '../../../trainer/registry/model-files.ts';
import { probeOnnx } from '../../../trainer/registry/onnx-probe.ts';
import { type TinyModelChanges, writeTinyModel } from '../../support/tiny-model.ts';

const LIMITS = { margin: 0.01, branchesMax: 2200 };
const PARITY = { 'parity.difference_max': 1e-6 };

async function filesOf(changes: TinyModelChanges = {}): Promise<ModelFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-gates-'));
  await writeTinyModel(folder, { metrics: PARITY, ...changes });
  const files = await readModelFiles((name) => readFile(join(folder, name)), folder);
  await rm(folder, { recursive: true });
  if (files === undefined) throw new Error('The model has a manifest.');
  return files;
}

async function refusals(changes: TinyModelChanges, against: Partial<Candidate> = {}): Promise<string[]> {
  const candidate = { files: await filesOf(changes), current: undefined, limits: LIMITS, ...against };
  return (await judgeCandidate(candidate)).map(({ gate, reason }) => `${gate}: ${reason}`);
}

describe('the gates', () => {
  it('pass a whole model', async () => {
    expect(await refusals({})).toEqual([]);
  });

  it('stop at the first reason why the files can not be used', async () => {
    const files = { ...(await filesOf({ features: ['energy'] })), version: '0'.repeat(16) };
    const found = await judgeCandidate({ files, current: undefined, limits: LIMITS });
    expect(found.map(({ gate }) => gate)).toEqual(['manifest']);
  });

  it('refuse other features, and name the first that differs', async () => {
    const [first = '', second = '', ...rest] = FEATURE_NAMES;
    expect(await refusals({ features: [second, first, ...rest] })).toEqual([
      `features: it takes ${FEATURE_NAMES.length} features and this program makes ${FEATURE_NAMES.length}: ` +
        `number 1 is ${second} where ${first} is made`,
    ]);
    expect(await refusals({ features: [...FEATURE_NAMES, 'more'] })).toEqual([
      expect.stringContaining('is more where none is made'),
    ]);
  });

  it.each([
    [1e-5, []],
    [1.1e-5, ["parity: its probabilities are up to 0.000011 from libxgboost's; 0.00001 is allowed"]],
  ])('take a difference of %d from libxgboost as %j', async (difference, expected) => {
    expect(await refusals({ metrics: { 'parity.difference_max': difference } })).toEqual(expected);
  });

  it.each([
    [0.89, []],
    [
      0.889999,
      ["slices: its accuracy is more than 0.01 below the current model's: all is 0.889999 and was 0.9"],
    ],
    [
      undefined,
      ["slices: its accuracy is more than 0.01 below the current model's: all is not told, and was 0.9"],
    ],
  ])('take %d on a slice on which the current model has 0.9 as %j', async (accuracy, expected) => {
    const { manifest } = await filesOf({ metrics: { 'accuracy.all': 0.9, 'macro_f1.all': 0.9 } });
    const metrics = { ...PARITY, ...(accuracy === undefined ? {} : { 'accuracy.all': accuracy }) };
    expect(await refusals({ metrics }, { current: manifest })).toEqual(expected);
  });

  it('take the visits that were counted on rows before those that the trees could have', async () => {
    const metrics = { ...PARITY, 'speed.branches_per_row': 2100 };
    expect(await refusals({ metrics, trees: 5000 })).toEqual([]);
    expect(await refusals({ metrics: { ...metrics, 'speed.branches_per_row': 2201 } })).toEqual([
      'speed: a row visits 2201 branches; 2200 are allowed',
    ]);
  });

  it('yield to force only where a worker can use the model and it is the one that was trained', () => {
    expect(GATES.filter(({ yieldsToForce }) => yieldsToForce).map(({ name }) => name)).toEqual([
      'parity-known',
      'slices',
      'speed',
    ]);
  });
});

describe('a model that is probed', () => {
  it('is told to take other columns than are made', async () => {
    const { onnx = new Uint8Array() } = await filesOf();
    expect(await probeOnnx(onnx, FEATURE_NAMES.length)).toBeUndefined();
    expect(await probeOnnx(onnx, 3)).toBe(
      `its input features has ${FEATURE_NAMES.length} columns where 3 are needed`,
    );
  });

  it('is told not to load', async () => {
    const { onnx = new Uint8Array() } = await filesOf();
    for (const damaged of [new Uint8Array(), onnx.subarray(0, onnx.length / 2), onnx.map(() => 7)]) {
      expect(await probeOnnx(damaged, FEATURE_NAMES.length)).toMatch(/^it is damaged: ./);
    }
  });

  it('is told what ONNX Runtime does not load, where its trees are whole', async () => {
    const { onnx = new Uint8Array() } = await filesOf();
    const text = Buffer.from(onnx)
      .toString('latin1')
      .replace('TreeEnsembleClassifier', 'TreeEnsembleClassifiez');
    const unknown = Buffer.from(text, 'latin1');
    expect(await probeOnnx(unknown, FEATURE_NAMES.length)).toMatch(/^ONNX Runtime does not load it: ./);
  });

  it('is told to have other names', async () => {
    const { onnx = new Uint8Array() } = await filesOf();
    const text = Buffer.from(onnx).toString('latin1').replaceAll('probabilities', 'probabilitiez');
    expect(await probeOnnx(Buffer.from(text, 'latin1'), FEATURE_NAMES.length)).toBe(
      'its outputs are label, probabilitiez where label, probabilities are needed',
    );
  });
});
