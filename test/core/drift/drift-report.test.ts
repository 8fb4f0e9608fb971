import { describe, expect, it } from 'vitest';
import { driftAgainstJob, driftAgainstTraining, referenceBins } from '../../../core/drift/drift-report.ts';
import { binName, binRange } from '../../../core/drift/drift-sentences.ts';
import { driftHeadline, movedFeatures } from '../../../core/drift/moved-features.ts';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import { DriftReport, type FeatureDrift } from '../../../schemas/drift-report.ts';
import type { ColumnCounts } from '../../../schemas/histograms.ts';
import { createParser } from '../../../schemas/parse.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';

const MODEL = 'fedcba9876543210';
const parser = createParser('drift report', DriftReport);
const ROWS = 10_000;

type Changes = Readonly<Record<string, Partial<ColumnCounts>>>;

const reportOf = (changes: Changes = {}, rows = ROWS): DriftReport =>
  parser.parse(driftAgainstTraining(MODEL, plainReference(), plainHistograms(rows, changes)));

function featureOf({ features }: DriftReport, name: string): FeatureDrift {
  const found = features.find(({ feature }) => feature === name);
  if (found === undefined) throw new Error(`The report has no ${name}.`);
  return found;
}

const driftOf = (name: string, change: Partial<ColumnCounts>, rows = ROWS): FeatureDrift =>
  featureOf(reportOf({ [name]: change }, rows), name);

/** Sum of values with another mean than 20. */
const sumOf = (mean: number, values = ROWS * 0.9): string => String(Math.round(values * mean * 1e6));

describe('a drift report', () => {
  it('finds nothing where the rows are spread as in training', () => {
    const report = reportOf();
    expect(report).toMatchObject({ verdict: 'stable', against: 'training', rows: ROWS, accepted: ROWS });
    expect(report.features.map(({ feature }) => feature)).toEqual(FEATURE_NAMES);
    for (const feature of report.features) {
      expect(feature).toMatchObject({ verdict: 'stable', movements: [], sentence: 'as in training' });
      expect(feature.populationStabilityIndex).toBeCloseTo(0, 9);
      expect(feature.jensenShannonDistance).toBeCloseTo(0, 6);
      expect(feature.missingShare).toEqual({ reference: 0.1, current: 0.1 });
    }
    expect(featureOf(report, 'sugars')).toMatchObject({ meanShift: 0, mean: { reference: 20, current: 20 } });
    expect(featureOf(report, 'is_fat')).toMatchObject({ meanShift: null, impossibleShare: null });
    expect(report.grades).toMatchObject({
      verdict: 'stable',
      sentence: 'the model’s grades are spread as in training',
    });
  });

  it('says that there are too few rows, and nothing else', () => {
    const report = reportOf({}, 100);
    expect(report.verdict).toBe('too little data');
    expect(featureOf(report, 'salt')).toMatchObject({
      verdict: 'too little data',
      populationStabilityIndex: null,
      jensenShannonDistance: null,
      meanShift: null,
      sentence: 'too few rows to tell: 200 are needed, here and in training',
    });
    expect(report.grades.verdict).toBe('too little data');
  });

  it('calls the average by its amount', () => {
    const drift = driftOf('sugars', { sum: sumOf(21.8) });
    expect(drift).toMatchObject({
      verdict: 'moderate',
      sentence: 'average sugars 1.8 g higher than in training (21.8 g against 20 g)',
    });
    expect(drift.meanShift).toBeCloseTo(0.18, 9);
    expect(driftOf('sugars', { sum: sumOf(17) })).toMatchObject({
      verdict: 'major',
      sentence: 'average sugars 3 g lower than in training (17 g against 20 g)',
    });
    expect(driftOf('sugars_ratio', { sum: sumOf(23) }).sentence).toBe(
      'average sugars ratio 3 points higher than in training (23 % against 20 %)',
    );
    expect(driftOf('unfavourable_points', { sum: sumOf(23) }).sentence).toBe(
      'average unfavourable nutrients 3 points higher than in training (23 points against 20 points)',
    );
  });

  it('takes no notice of a shift that so few rows show by chance', () => {
    const rows = 1000;
    const shifted = (mean: number) => driftOf('salt', { sum: sumOf(mean, rows * 0.9) }, rows);
    expect(shifted(21)).toMatchObject({ verdict: 'stable', movements: [] });
    expect(shifted(21).meanShift).toBeCloseTo(0.1, 9);
    expect(driftOf('salt', { sum: sumOf(21) }).verdict).toBe('moderate');
  });

  it('tells more gaps from fewer, which are no more than moderate', () => {
    const gaps = (missing: number): Partial<ColumnCounts> => ({
      counts: new Array<number>(10).fill((ROWS - missing) / 10),
      missing,
      sum: sumOf(20, ROWS - missing),
    });
    expect(driftOf('fibre', gaps(2500))).toMatchObject({
      verdict: 'moderate',
      sentence: 'fibre missing in 25.0 % of rows, 10.0 % in training',
    });
    expect(driftOf('fibre', gaps(9000)).verdict).toBe('major');
    const reference = plainReference();
    const gappy = {
      ...reference,
      features: reference.features.map((feature) => ({ ...feature, missing: 300_000 })),
    };
    const report = driftAgainstTraining(MODEL, gappy, plainHistograms(ROWS));
    expect(featureOf(report, 'fibre')).toMatchObject({ verdict: 'moderate' });
    expect(featureOf(report, 'fibre').movements[0]?.change).toBeLessThan(-0.25);
  });

  it('tells an unknown category once, not for each kind', () => {
    const unknown = { counts: [ROWS * 0.16, ROWS * 0.04], missing: ROWS * 0.8, sum: '0' };
    const report = reportOf({ is_beverage: unknown, is_fat: unknown, is_cheese: unknown });
    expect(featureOf(report, 'is_beverage')).toMatchObject({
      verdict: 'major',
      sentence: 'category missing in 80.0 % of rows, 10.0 % in training',
    });
    expect(featureOf(report, 'is_fat')).toMatchObject({
      verdict: 'stable',
      missingShare: { reference: 0.1, current: 0.8 },
    });
  });

  it('tells values beyond those of training, and impossible ones, before all else', () => {
    const drift = driftOf('salt', {
      counts: [900, 900, 900, 900, 900, 900, 900, 900, 900, 900],
      above: 700,
      impossible: 1500,
      sum: sumOf(23, 8300),
    });
    expect(drift.verdict).toBe('major');
    expect(drift.sentence).toBe(
      'salt impossible in 15.0 % of rows, 1.0 % in training; ' +
        'salt beyond the values of training in 7.0 % of rows, 0.0 % in training; ' +
        'average salt 3 g higher than in training (23 g against 20 g)',
    );
    expect(drift.movements.map(({ measure }) => measure)).toEqual([
      'outOfRangeShare',
      'impossibleShare',
      'meanShift',
    ]);
  });

  it('has a headline for the whole job, and lists what moved farthest first', () => {
    expect(driftHeadline(reportOf())).toBe('All 23 features are spread as in training.');
    expect(driftHeadline(reportOf({}, 100))).toBe(
      'Too few rows to tell whether they are like those of training.',
    );
    const report = reportOf({
      fat: { sum: sumOf(21.5) },
      salt: { impossible: 400 },
      sugars: { impossible: 5000 },
    });
    expect(driftHeadline(report)).toBe('3 of 23 features have moved from training, 1 of them far.');
    expect(movedFeatures(report).map(({ feature }) => feature)).toEqual(['sugars', 'fat', 'salt']);
    expect(driftHeadline(reportOf({ fat: { sum: sumOf(21.5) } }))).toMatch(/none of them far/);
    const grades = { ...plainHistograms(ROWS), grades: [0, 0, 0, 0, ROWS] };
    expect(driftHeadline(driftAgainstTraining(MODEL, plainReference(), grades))).toBe(
      'All 23 features are spread as in training, and yet the model grades otherwise.',
    );
  });

  it('names the bin that gained where the spread has changed and the average has not', () => {
    const counts = [0, 0, 0, 0, 4500, 4500, 0, 0, 0, 0];
    expect(driftOf('proteins', { counts })).toMatchObject({
      verdict: 'major',
      sentence:
        'proteins spread otherwise than in training: 50.0 % of the values from 14 to 17 g, 10.0 % there',
    });
    expect(driftOf('is_beverage', { counts: [4500, 4500] }).sentence).toBe(
      'beverages 50.0 % of the rows whose category is known, 20.0 % in training',
    );
    expect(driftOf('food_group', { counts }).sentence).toMatch(
      /^food groups mixed otherwise than in training \(index \d\.\d\d\)$/,
    );
  });

  it('says which grades the model gives more often', () => {
    const histograms = { ...plainHistograms(ROWS), grades: [1000, 2000, 2000, 2000, 3000] };
    const { grades, verdict } = driftAgainstTraining(MODEL, plainReference(), histograms);
    expect(grades.sentence).toBe(
      'the model gives more E (30.0 %, 20.0 % in training) and fewer A (10.0 %, 20.0 % in training)',
    );
    expect([grades.verdict, verdict]).toEqual(['moderate', 'moderate']);
  });

  it('leaves out what an older reference did not count', () => {
    const { accepted, ...reference } = plainReference();
    const older = {
      ...reference,
      features: reference.features.map(({ below, above, impossible, skewness, ...feature }) => feature),
    };
    const report = driftAgainstTraining(MODEL, older, plainHistograms(ROWS, { salt: { impossible: 9000 } }));
    expect(featureOf(report, 'salt')).toMatchObject({ verdict: 'stable', impossibleShare: null });
  });

  it('has no shift of what training never had, or had one value of', () => {
    const reference = plainReference();
    const features = reference.features.map((feature) => {
      if (feature.name === 'fibre')
        return {
          ...feature,
          counts: new Array<number>(10).fill(0),
          missing: 30_000,
          mean: null,
          standardDeviation: null,
          min: null,
          max: null,
        };
      return feature.name === 'salt' ? { ...feature, standardDeviation: 0 } : feature;
    });
    const report = driftAgainstTraining(MODEL, { ...reference, features }, plainHistograms(ROWS));
    expect(featureOf(report, 'fibre')).toMatchObject({ populationStabilityIndex: null, meanShift: null });
    expect(featureOf(report, 'salt').meanShift).toBeNull();
    const bins = referenceBins({ ...reference, features })?.[FEATURE_NAMES.indexOf('fibre')];
    expect(bins).toMatchObject({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY });
  });

  it('is refused with histograms that lack a feature, and has no bins for other features', () => {
    const { fat, ...columns } = plainHistograms(ROWS).columns;
    const lacking = { ...plainHistograms(ROWS), columns };
    expect(() => driftAgainstTraining(MODEL, plainReference(), lacking)).toThrow(/no histograms of fat/);
    const reference = plainReference();
    expect(referenceBins({ ...reference, features: reference.features.slice(1) })).toBeUndefined();
    expect(referenceBins({ ...reference, features: [...reference.features].reverse() })).toBeUndefined();
    expect(referenceBins(reference)).toHaveLength(FEATURE_NAMES.length);
  });
});

describe('drift against another job', () => {
  const july = reportOf({ sugars: { sum: sumOf(25) }, salt: { impossible: 900 } });
  const august = reportOf({ sugars: { sum: sumOf(25) }, salt: { impossible: 2000 } });

  it('takes the other job for what training is else', () => {
    const report = parser.parse(driftAgainstJob(august, july, '0123456789abcdef'));
    expect(report.against).toBe('0123456789abcdef');
    expect(featureOf(report, 'sugars')).toMatchObject({
      verdict: 'stable',
      mean: { reference: 25, current: 25 },
      sentence: 'as in job 0123456789abcdef',
    });
    expect(featureOf(report, 'salt').sentence).toBe(
      'salt impossible in 20.0 % of rows, 9.0 % in job 0123456789abcdef',
    );
  });

  it('finds nothing in a job against itself', () => {
    const report = driftAgainstJob(august, august, '0123456789abcdef');
    expect(report?.verdict).toBe('stable');
    for (const { populationStabilityIndex } of report?.features ?? [])
      expect(populationStabilityIndex).toBe(0);
  });

  it('is none where the two were counted by other bins', () => {
    const other = structuredClone(july);
    const [first] = other.features;
    if (first !== undefined) first.reference.edges[0] = 4.9;
    expect(driftAgainstJob(august, other, '0123456789abcdef')).toBeUndefined();
    expect(driftAgainstJob(august, { ...july, features: [] }, '0123456789abcdef')).toBeUndefined();
  });
});

describe('binName', () => {
  it.each([
    ['flag', [1], 0, 'no'],
    ['flag', [1], 1, 'yes'],
    ['index', [7, 8, 12], 0, 'groups up to 6'],
    ['index', [7, 8, 12], 1, 'group 7'],
    ['index', [7, 8, 12], 2, 'groups 8 to 11'],
    ['index', [7, 8, 12], 3, 'groups from 12 on'],
    ['index', [], 0, 'any group'],
    ['g', [2], 0, 'below 2 g'],
  ])('of unit %s and edges %j, bin %i, is %s', (unit, edges, bin, name) => {
    const { reference } = featureOf(reportOf(), 'salt');
    expect(binName({ unit, reference: { ...reference, edges } }, bin)).toBe(name);
  });
});

describe('binRange', () => {
  it.each([
    [[1, 2], 0, 'below 1 g'],
    [[0.125, 2.5], 1, 'from 0.13 to 2.5 g'],
    [[1, 250.4], 2, 'from 250 g on'],
    [[], 0, 'of any size'],
  ])('of %j, bin %i, is %s', (edges, bin, text) => {
    expect(binRange(edges, bin, 'g')).toBe(text);
  });
});
