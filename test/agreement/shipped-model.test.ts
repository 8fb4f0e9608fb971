/** The model in `fixtures/model` against its own manifest, and against the code that feeds it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../core/features/encode-features.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { modelVersion } from '../../core/models/model-version.ts';
import { validate } from '../../core/validation/validate.ts';
import { ModelManifest, ModelReference } from '../../schemas/model.ts';
import { createParser } from '../../schemas/parse.ts';
import { columnsOf, type RowValues } from '../core/validation/rows.ts';

const FOLDER = new URL('../../fixtures/model/', import.meta.url);
const onnx = readFileSync(new URL('model.onnx', FOLDER));
const referenceBytes = readFileSync(new URL('reference.json', FOLDER));
const manifest = createParser('manifest', ModelManifest).parse(
  JSON.parse(readFileSync(new URL('manifest.json', FOLDER), 'utf8')),
);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function gradesOf(rows: readonly RowValues[]): Promise<string[]> {
  const items = validate(columnsOf(rows));
  const { values, rowCount, featureCount } = encodeFeatures(items, items.acceptedRows);
  const session = await InferenceSession.create(onnx);
  const { label, probabilities } = await session.run({
    features: new Tensor('float32', values, [rowCount, featureCount]),
  });
  expect(probabilities?.dims).toEqual([rowCount, manifest.classes.length]);
  const labels = label?.data as BigInt64Array;
  await session.release();
  return Array.from(labels, (number) => manifest.classes[Number(number)] ?? '?');
}

describe('the shipped model', () => {
  it('has the version that its manifest hashes to', () => {
    expect(manifest.version).toBe(modelVersion(manifest));
  });

  it('is the file that the manifest names', () => {
    expect(manifest.onnx).toMatchObject({ sha256: sha256(onnx), bytes: onnx.length });
    expect(onnx.length).toBeLessThan(3_000_000);
  });

  it('has the reference that the manifest names, for the same features', () => {
    expect(sha256(referenceBytes)).toBe(manifest.referenceSha256);
    const reference = createParser('reference', ModelReference).parse(JSON.parse(referenceBytes.toString()));
    expect(reference.features.map(({ name }) => name)).toEqual(manifest.features);
    expect(reference.rows).toBeLessThanOrEqual(manifest.trainingData.rows);
  });

  it('takes the features that the code encodes, in their order', () => {
    expect(manifest.features).toEqual(FEATURE_NAMES);
  });

  it('names its version and its data in the card', () => {
    const card = readFileSync(new URL('MODEL_CARD.md', FOLDER), 'utf8');
    expect(card).toContain(`# Model ${manifest.version}`);
    expect(card).toContain('Open Food Facts contributors, openfoodfacts.org');
  });

  it('grades plain products as anyone would, also with gaps', async () => {
    const known = ['known'] as const;
    expect(
      await gradesOf([
        { roles: ['known', 'beverage', 'springWater'] },
        {
          energyKj: 100,
          fat: 0.2,
          saturatedFat: 0,
          carbohydrates: 3,
          sugars: 2,
          proteins: 1.5,
          salt: 0,
          roles: known,
        },
        { energyKj: 2250, fat: 31, saturatedFat: 19, carbohydrates: 57, sugars: 56, proteins: 7, salt: 0.2 },
        { energyKj: 2250, fat: 31, carbohydrates: 57, sugars: 56, proteins: 7, salt: 0.2, roles: known },
        {
          energyKj: 180,
          fat: 0,
          saturatedFat: 0,
          carbohydrates: 10.6,
          sugars: 10.6,
          proteins: 0,
          salt: 0,
          roles: ['known', 'beverage'],
        },
      ]),
    ).toEqual(['a', 'a', 'e', 'e', 'e']);
  });
});
