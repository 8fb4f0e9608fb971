/**
 * How often chance alarms, and whether accidents do: on products as the demo makes them, and on real rows where
 * `NUTRISAGE_REAL_DATA` names their folder. A draw is compared with the reference of the rows that it is drawn from.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createHistogramCounter } from '../../../core/drift/count-histograms.ts';
import { driftAgainstTraining, referenceBins } from '../../../core/drift/drift-report.ts';
import { encodeFeatures, type FeatureMatrix } from '../../../core/features/encode-features.ts';
import { validate } from '../../../core/validation/validate.ts';
import type { DriftReport } from '../../../schemas/drift-report.ts';
import type { ModelReference } from '../../../schemas/model.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';
import { referenceOf } from '../../../trainer/evaluate/reference-histograms.ts';
import { createRandom, type Random } from '../../../trainer/random.ts';
import { type ItemPool, pickRows } from '../../../trainer/rows/item-pool.ts';
import { readSources } from '../../../trainer/rows/read-sources.ts';
import { madeCatalogue } from '../../support/catalogue-rows.ts';

const MADE_ROWS = 60_000;
const DRAWS = 1000;
const ROWS_MIN = 200;
const ROWS_MAX = 20_000;
const ACCIDENT_ROWS = 2000;
const ACCIDENT_DRAWS = 20;

/** Stands for a model: what it gives follows from the features, and from nothing else. */
function gradesOf({ values, rowCount, featureCount }: FeatureMatrix): Uint8Array {
  return Uint8Array.from({ length: rowCount }, (_, row) => {
    const sugars = values[row * featureCount + 4] ?? 0;
    return Number.isNaN(sugars) ? 2 : Math.min(4, Math.floor(sugars / 10));
  });
}

function drawRows(pool: ItemPool, rows: number, random: Random): ItemPool {
  return pickRows(
    pool,
    Int32Array.from({ length: rows }, () => random.integer(pool.columns.rowCount)),
  );
}

function driftOf(reference: ModelReference, pool: ItemPool): DriftReport {
  const counter = createHistogramCounter(referenceBins(reference) ?? []);
  const items = validate(pool.columns);
  const features = encodeFeatures(items, items.acceptedRows);
  counter.add(items, features);
  return driftAgainstTraining('model', reference, counter.finish(gradesOf(features)));
}

/** `3.5` written `35`, as a spreadsheet with the other decimal sign reads it; whole numbers stay. */
function withoutPoint(value: number): number {
  return Number.isNaN(value) ? value : Number(String(value).replace('.', ''));
}

const ACCIDENTS: readonly {
  readonly name: string;
  readonly feature: string;
  readonly column: 'sugars' | 'salt' | 'fat';
  readonly change: (value: number) => number;
}[] = [
  { name: 'sugars raised by 15 %', feature: 'sugars', column: 'sugars', change: (value) => value * 1.15 },
  { name: 'sodium in mg', feature: 'salt', column: 'salt', change: (value) => value * 1000 },
  { name: 'decimals lost in fat', feature: 'fat', column: 'fat', change: withoutPoint },
  { name: 'decimals lost in sugars', feature: 'sugars', column: 'sugars', change: withoutPoint },
];

const folder = process.env[ENVIRONMENT.realData] ?? '';
const POPULATIONS: readonly (readonly [string, () => Promise<ItemPool>])[] = [
  ['made products', () => madeCatalogue(MADE_ROWS)],
  ...(folder === '' ? [] : [['real rows', async () => (await readSources(folder)).pool] as const]),
];

describe.each(POPULATIONS)('drift of %s', (_, rowsOf) => {
  let pool: ItemPool;
  let reference: ModelReference;

  beforeAll(async () => {
    pool = await rowsOf();
    reference = referenceOf(pool, gradesOf);
  });

  it(`alarms in at most 1 % of ${DRAWS} clean draws of ${ROWS_MIN} to ${ROWS_MAX} rows`, () => {
    const random = createRandom(1, 'clean draws');
    let alarms = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      // Small jobs as often as large ones: of a number drawn evenly one in fifty would have fewer than 600 rows.
      const rows = Math.round(ROWS_MIN * (ROWS_MAX / ROWS_MIN) ** random.next());
      const { verdict } = driftOf(reference, drawRows(pool, rows, random));
      if (verdict === 'moderate' || verdict === 'major') alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(DRAWS / 100);
  }, 120_000);

  it.each(ACCIDENTS)(`flags $name on its feature in every job of ${ACCIDENT_ROWS} rows`, (accident) => {
    const random = createRandom(1, accident.name);
    for (let draw = 0; draw < ACCIDENT_DRAWS; draw += 1) {
      const rows = drawRows(pool, ACCIDENT_ROWS, random);
      const column = rows.columns.nutrients[accident.column];
      column.forEach((value, row) => {
        column[row] = accident.change(value);
      });
      const report = driftOf(reference, rows);
      const flagged = report.features.filter(({ verdict }) => verdict === 'moderate' || verdict === 'major');
      expect(flagged.map(({ feature }) => feature)).toContain(accident.feature);
    }
  });
});
