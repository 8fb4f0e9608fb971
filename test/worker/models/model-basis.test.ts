import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import { modelVersion } from '../../../core/models/model-version.ts';
import type { ModelManifest } from '../../../schemas/model.ts';
import { createModelBases } from '../../../worker/models/model-basis.ts';
import { plainReference } from '../../support/drift-reference.ts';

const BUCKET = 'models';
const reference = JSON.stringify(plainReference());
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const MANIFEST: Omit<ModelManifest, 'version'> = {
  format: 1,
  createdAt: '2026-11-23T10:00:00.000Z',
  features: ['sugars'],
  classes: ['a', 'b', 'c', 'd', 'e'],
  rules: '2023',
  onnx: { sha256: 'a'.repeat(64), bytes: 1, opset: 13, mlOpset: 1, trees: 1, maxDepth: 1 },
  referenceSha256: sha256(reference),
  trainingData: { fingerprint: 'a'.repeat(64), rows: 1, sources: [], attribution: 'made for tests' },
  parameters: {},
  metrics: { 'accuracy.complete': 0.98 },
  libraries: {},
};

/** A bucket with one model; `files` stand in for its own, by their names. */
function bucketOf(files: Readonly<Record<string, string | undefined>> = {}, manifest = MANIFEST) {
  const version = modelVersion(manifest);
  const present: Record<string, string | undefined> = {
    [`models/${version}/manifest.json`]: JSON.stringify({ version, ...manifest }),
    [`models/${version}/reference.json`]: reference,
  };
  for (const [name, text] of Object.entries(files)) present[`models/${version}/${name}`] = text;
  let reads = 0;
  return {
    version,
    reads: () => reads,
    async read(bucket: string, key: string): Promise<Uint8Array> {
      reads += 1;
      const text = present[key];
      if (text === undefined) throw new NutrisageError('object-missing', `s3://${bucket}/${key}`, 'Look.');
      return new TextEncoder().encode(text);
    },
  };
}

describe('what a model is held against', () => {
  it('is its training histograms and its metrics, read once', async () => {
    const bucket = bucketOf();
    const basisOf = createModelBases(bucket, BUCKET);
    const basis = await basisOf(bucket.version);
    expect(basis).toEqual({ reference: plainReference(), metrics: { 'accuracy.complete': 0.98 } });
    expect(await basisOf(bucket.version)).toBe(basis);
    expect(bucket.reads()).toBe(2);
  });

  it.each([
    ['is not there', undefined],
    ['is not the one that the manifest names', JSON.stringify({ ...plainReference(), rows: 1 })],
  ])('is its metrics alone where its reference %s', async (_, text) => {
    const bucket = bucketOf({ 'reference.json': text });
    expect(await createModelBases(bucket, BUCKET)(bucket.version)).toEqual({
      reference: undefined,
      metrics: { 'accuracy.complete': 0.98 },
    });
  });

  it.each(['{}', 'no JSON'])('is its metrics alone where its reference is %s', async (text) => {
    const bucket = bucketOf({ 'reference.json': text }, { ...MANIFEST, referenceSha256: sha256(text) });
    expect((await createModelBases(bucket, BUCKET)(bucket.version)).reference).toBeUndefined();
  });

  it.each([undefined, '{}'])('is nothing where its manifest is %s', async (text) => {
    const bucket = bucketOf({ 'manifest.json': text });
    expect(await createModelBases(bucket, BUCKET)(bucket.version)).toEqual({
      reference: undefined,
      metrics: {},
    });
  });

  it('is asked for again after the store was away', async () => {
    const bucket = bucketOf();
    let away: 'manifest.json' | 'reference.json' | undefined = 'manifest.json';
    const read = async (from: string, key: string): Promise<Uint8Array> => {
      if (away !== undefined && key.endsWith(away))
        throw new NutrisageError('store-unavailable', 'It is away.', 'Wait.');
      return bucket.read(from, key);
    };
    const basisOf = createModelBases({ read }, BUCKET);
    await expect(basisOf(bucket.version)).rejects.toMatchObject({ code: 'store-unavailable' });
    away = 'reference.json';
    await expect(basisOf(bucket.version)).rejects.toMatchObject({ code: 'store-unavailable' });
    away = undefined;
    expect((await basisOf(bucket.version)).reference).toBeDefined();
  });

  it('lets go of the oldest of many', async () => {
    const bucket = bucketOf();
    const basisOf = createModelBases(bucket, BUCKET);
    await basisOf(bucket.version);
    for (const other of ['1', '2', '3', '4']) await basisOf(other.repeat(16));
    const reads = bucket.reads();
    await basisOf(bucket.version);
    expect(bucket.reads()).toBe(reads + 2);
  });
});
