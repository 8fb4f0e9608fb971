/** On the real files, where `NUTRISAGE_REAL_DATA` names their folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { REJECT_CODES, type RejectCode } from '../../core/validation/codes.ts';
import { validate } from '../../core/validation/validate.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { evaluationSets } from '../../trainer/evaluate/evaluation-sets.ts';
import { confusionOf, figuresOf, predictedGrades } from '../../trainer/evaluate/figures.ts';
import { predictOnnx } from '../../trainer/onnx/onnx-parity.ts';
import { readSources } from '../../trainer/rows/read-sources.ts';
import { splitProducts } from '../../trainer/rows/training-set.ts';

const FOLDER = process.env[ENVIRONMENT.realData] ?? '';
const MODEL = new URL('../../fixtures/model/', import.meta.url);

/** Codes that Open Food Facts' old and new schemas tag under the same names. */
const TAGS: readonly (readonly [RejectCode, RegExp])[] = [
  ['energy-not-as-computed', /energy-value-in-(kcal|kj)-does-not-match-value-computed/],
  ['total-over-105', /total-over-105/],
  ['value-over-105', /value-over-105-/],
  ['energy-over-3800-kj', /over-3800-energy/],
  ['saturated-fat-over-fat', /saturated-fat-greater-than-fat/],
];

describe.runIf(FOLDER !== '')('on real rows', () => {
  it('rejects what Open Food Facts itself tags as an error, and little else', async () => {
    const { pool } = await readSources(FOLDER);
    const { rejects } = validate(pool.columns);
    const official = [...pool.sources.keys()].filter((row) => pool.sources[row] === 0);
    const tags = await errorTags();
    expect(official).toHaveLength(tags.length);
    for (const [code, tag] of TAGS) {
      const bit = 1 << REJECT_CODES.indexOf(code);
      const ours = official.map((row) => ((rejects[row] ?? 0) & bit) !== 0);
      const theirs = tags.map((text) => tag.test(text));
      const both = ours.filter((is, row) => is && theirs[row]).length;
      const tagged = theirs.filter(Boolean).length;
      expect([code, both / tagged]).toEqual([code, expect.toSatisfy((share: number) => share > 0.98)]);
      expect(ours.filter(Boolean).length - both).toBeLessThanOrEqual(8);
    }
  });

  it('reaches the accuracy that the shipped model’s manifest states', async () => {
    const manifest = JSON.parse(readFileSync(new URL('manifest.json', MODEL), 'utf8'));
    const { pool } = await readSources(FOLDER);
    const { seed, held_out, validation } = manifest.parameters;
    const { training, heldOut } = splitProducts(pool, seed, held_out, validation);
    const session = await InferenceSession.create(readFileSync(new URL('model.onnx', MODEL)));
    for (const { name, rows } of evaluationSets(training, heldOut, seed)) {
      const { probabilities } = await predictOnnx(session, rows.features);
      const { accuracy } = figuresOf(confusionOf(rows.labels, predictedGrades(probabilities)));
      // Two points: the category tables may learn names after a training.
      expect(Math.abs(accuracy - manifest.metrics[`accuracy.${name}`])).toBeLessThan(0.02);
    }
    await session.release();
  });
});

/** Error tags of each row of the official file, joined, in the order of the file. */
async function errorTags(): Promise<string[]> {
  const name = readdirSync(FOLDER).find((file) => /^off-official-.*\.parquet$/.test(file)) ?? '';
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const path = join(FOLDER, name).replaceAll("'", "''");
  const reader = await connection.runAndReadAll(
    `SELECT array_to_string(data_quality_errors_tags, ' ') AS tags FROM '${path}'`,
  );
  const tags = reader.getRows().map(([text]) => String(text ?? ''));
  connection.closeSync();
  instance.closeSync();
  return tags;
}
