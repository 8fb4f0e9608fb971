import { describe, expect, it } from 'vitest';
import { majority, RULES_WITH_ZERO } from '../../trainer/evaluate/baselines.ts';
import { calibrationError, confusionOf, figuresOf, reliabilityOf } from '../../trainer/evaluate/figures.ts';
import { previousModel } from '../../trainer/evaluate/previous-model.ts';
import { copyInputs, createPool } from '../../trainer/rows/item-pool.ts';
import { gradeByRules } from '../../trainer/rows/rule-labels.ts';
import { labelRows } from '../../trainer/rows/training-set.ts';
import { columnsOf, PLAIN, type RowValues } from '../core/validation/rows.ts';

function labelled(rows: readonly RowValues[], grades: readonly number[]) {
  const columns = columnsOf(rows);
  const pool = createPool(rows.length);
  rows.forEach((_, row) => {
    copyInputs(columns, row, pool.columns, row);
    pool.grades[row] = grades[row] ?? 0;
  });
  return labelRows(pool);
}

describe('figuresOf', () => {
  it('counts hits, near misses and the F1 of the grades that occur', () => {
    const confusion = confusionOf(Float32Array.of(0, 0, 2, 2), [0, 1, 2, 4]);
    expect(figuresOf(confusion)).toEqual({
      accuracy: 0.5,
      macroF1: (2 / 3 + 2 / 3) / 2,
      withinOneGrade: 0.75,
    });
  });
});

describe('calibrationError', () => {
  const rowsOf = (confidence: number, count: number): number[] =>
    Array.from({ length: count }, () => [confidence, 1 - confidence, 0, 0, 0]).flat();

  it('is 0 where the model is right as often as it says', () => {
    const labels = Float32Array.from({ length: 10 }, (_, row) => (row < 8 ? 0 : 1));
    const bins = reliabilityOf(Float32Array.from(rowsOf(0.8, 10)), labels);
    expect(bins).toHaveLength(1);
    expect(calibrationError(bins)).toBeCloseTo(0, 6);
  });

  it('is the gap where it is always as sure and never right', () => {
    const bins = reliabilityOf(Float32Array.from(rowsOf(0.9, 5)), new Float32Array(5).fill(2));
    expect(calibrationError(bins)).toBeCloseTo(0.9, 6);
  });

  it('weighs ranges by their rows', () => {
    const probabilities = Float32Array.from([...rowsOf(1, 3), ...rowsOf(0.6, 1)]);
    const bins = reliabilityOf(probabilities, Float32Array.of(0, 0, 0, 1));
    expect(calibrationError(bins)).toBeCloseTo(0.6 / 4, 6);
  });
});

describe('the baselines', () => {
  it('give the grade that weighs most', async () => {
    const rows = labelled([PLAIN, PLAIN, PLAIN], [3, 3, 1]);
    const { grades } = await majority(rows).judge(rows);
    expect([...grades]).toEqual([3, 3, 3]);
  });

  it('apply the rules to rows with gaps as to rows with zeros', async () => {
    const { NaN: absent } = Number;
    const gaps = labelled([{ ...PLAIN, saturatedFat: absent, sugars: absent, fibre: absent }], [0]);
    const zeros = createPool(1);
    copyInputs(columnsOf([{ ...PLAIN, saturatedFat: 0, sugars: 0, fibre: 0 }]), 0, zeros.columns, 0);
    gradeByRules(zeros);
    expect((await RULES_WITH_ZERO.judge(gaps)).grades).toEqual(zeros.grades);
  });

  it('take an unknown category for food', async () => {
    const drink: RowValues = { ...PLAIN, fibre: 0, roles: [] };
    const known = labelled([{ ...drink, roles: ['known'] }], [0]);
    const unknown = labelled([drink], [0]);
    expect((await RULES_WITH_ZERO.judge(unknown)).grades).toEqual(
      (await RULES_WITH_ZERO.judge(known)).grades,
    );
  });

  it('name the folder that holds no previous model', async () => {
    await expect(previousModel('/no/such/model')).rejects.toThrow(/\/no\/such\/model holds no model/);
  });
});
