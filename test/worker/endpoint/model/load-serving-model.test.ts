import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishModel } from '../../../../local/stack/publish-model.ts';
import { RESOURCES } from '../../../../schemas/names.ts';
import { loadServingModel } from '../../../../worker/endpoint/model/load-serving-model.ts';
import { probeModel } from '../../../../worker/endpoint/model/probe-model.ts';
import type { EngineChoice } from '../../../../worker/models/engine-choice.ts';
import { rowsWithSugars } from '../../../contracts/scorer.ts';
import { createClients, type TestClients } from '../../../support/clients.ts';
import { startTestStack, type TestStack } from '../../../support/stack.ts';
import { writeTinyModel } from '../../../support/tiny-model.ts';
import { servingModel } from '../made-model.ts';

describe('a model that is loaded to serve', () => {
  let stack: TestStack;
  let clients: TestClients;
  let folder: string;
  let version: string;
  let broken: string;
  const before = { ...process.env };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-serving-'));
    stack = await startTestStack();
    clients = createClients(stack.servers);
    version = await published('whole');
    broken = await published('broken', new TextEncoder().encode('no forest'));
    // The thread reads where the store is from its environment, as the program does.
    Object.assign(process.env, stack.environment);
  });
  afterAll(async () => {
    for (const name of Object.keys(stack.environment)) delete process.env[name];
    Object.assign(process.env, before);
    clients.destroy();
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  async function published(name: string, onnx?: Uint8Array): Promise<string> {
    const made = await writeTinyModel(join(folder, name), onnx === undefined ? {} : { onnx });
    await publishModel(clients.s3, RESOURCES.modelBucket, join(folder, name));
    return made;
  }
  const load = (of: string, engine: EngineChoice = 'auto') =>
    loadServingModel({ modelBucket: RESOURCES.modelBucket, version: of, engine });

  it('scores within the caller’s turn by the kernel, laid out in a thread', async () => {
    const model = await load(version);
    const rows = rowsWithSugars(0, 12, 40);
    const direct = await servingModel();
    expect(model.scorer.engine).toBe('forest');
    expect(model.scorer.scoreSync?.(rows, 3)).toEqual(direct.scorer.scoreSync?.(rows, 3));
    expect(model.explain?.(rowsWithSugars(12))).toEqual(direct.explain(rowsWithSugars(12)));
    await probeModel(model, '2023');
    await probeModel(model, '2021');
    await model.release();
  });

  it('scores in the thread by ONNX Runtime, the same', async () => {
    const model = await load(version, 'onnxruntime');
    const rows = rowsWithSugars(0, 12, 40);
    expect([model.scorer.engine, model.scorer.scoreSync]).toEqual(['onnxruntime', undefined]);
    const [one, other] = await Promise.all([
      model.scorer.score(rows, 3),
      model.scorer.score(rowsWithSugars(12), 1),
    ]);
    expect(one).toEqual((await servingModel()).scorer.scoreSync?.(rows, 3));
    expect([...other]).toEqual([...one.subarray(5, 10)]);
    await probeModel(model, '2023');
    await model.release();
  });

  it('is refused with the reason where it can not be used', async () => {
    await expect(load(broken)).rejects.toMatchObject({ code: 'model-damaged' });
    await expect(load('0'.repeat(16))).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('fails what a scorer can not score', async () => {
    const model = await load(version, 'onnxruntime');
    await expect(model.scorer.score(new Float32Array(1), 3)).rejects.toMatchObject({
      name: 'NutrisageError',
    });
    await model.release();
  });

  it('fails what is still asked of it once its thread has died, or was let go', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const [dead, released] = [await load(version, 'onnxruntime'), await load(version, 'onnxruntime')];
    await dead.scorer.score(rowsWithSugars(12), 1);
    const thread = posted.mock.contexts.at(-1) as Worker; // it was sent those rows
    posted.mockRestore();
    await thread.terminate();
    expect(await dead.lost).toMatchObject({ code: 'thread-died' });
    await dead.release();
    await released.release();
    for (const { scorer } of [dead, released])
      await expect(scorer.score(rowsWithSugars(12), 1)).rejects.toMatchObject({ code: 'thread-died' });
  });
});

describe('the probe', () => {
  it('refuses a model whose probabilities are none', async () => {
    const model = await servingModel();
    const scoreSync = () => new Float32Array(5).fill(0.5);
    const odd = { ...model, scorer: { ...model.scorer, scoreSync } };
    await expect(probeModel(odd, '2023')).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringContaining('it answered'),
    });
  });

  it('refuses a model that fails to score, or to explain', async () => {
    const model = await servingModel();
    const fail = (): never => {
      throw new Error('out of bounds');
    };
    const broken = { ...model, scorer: { ...model.scorer, scoreSync: fail } };
    for (const odd of [broken, { ...model, explain: fail }]) {
      await expect(probeModel(odd, '2023')).rejects.toMatchObject({
        code: 'model-damaged',
        message: expect.stringContaining('out of bounds'),
      });
    }
  });
});
