import { beforeAll, describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../../core/features/encode-features.ts';
import { createItemRows, firstRows } from '../../../../core/items/item-rows.ts';
import { readItem } from '../../../../core/items/read-item.ts';
import { officialGradeAt } from '../../../../core/nutriscore/official-grades.ts';
import { validate } from '../../../../core/validation/validate.ts';
import { GRADES } from '../../../../schemas/grade.ts';
import { GradedItem, type ItemFault, RejectedItem } from '../../../../schemas/http.ts';
import { createParser } from '../../../../schemas/parse.ts';
import { createSliceGrader, type OutcomeSink } from '../../../../worker/endpoint/grading/grade-slice.ts';
import type { ServingModel } from '../../../../worker/endpoint/grading/serving-model.ts';
import { servingModel, slowly } from '../made-model.ts';
import { IMPOSSIBLE, LOOSE, SPREAD, spreads } from '../products.ts';

const gradedItem = createParser('graded item', GradedItem);
const rejectedItem = createParser('rejected item', RejectedItem);

type Outcome = GradedItem | RejectedItem | readonly ItemFault[];

let model: ServingModel;
beforeAll(async () => {
  model = await servingModel();
});

function collect(): { readonly sink: OutcomeSink; readonly outcomes: Map<number, Outcome> } {
  const outcomes = new Map<number, Outcome>();
  const tell = (place: number, outcome: Outcome): void => {
    expect(outcomes.has(place)).toBe(false);
    outcomes.set(place, outcome);
  };
  return {
    outcomes,
    sink: {
      graded: (place, text) => tell(place, gradedItem.parse(JSON.parse(text))),
      rejected: (place, outcome) => tell(place, rejectedItem.parse(outcome)),
      invalid: tell,
    },
  };
}

const counted: string[] = [];
const grader = createSliceGrader('2023', 64, {
  graded: (_items, _row, official, modelGrade) =>
    void counted.push(`${official?.grade ?? '-'}${GRADES[modelGrade]}`),
  rejected: (_items, _row, reasons) => void counted.push(`rejected ${reasons}`),
});

async function grade(
  values: readonly unknown[],
  changes: { model?: ServingModel; isExplained?: boolean } = {},
) {
  const { sink, outcomes } = collect();
  const slice = {
    values,
    first: 0,
    end: values.length,
    model: changes.model ?? model,
    isExplained: changes.isExplained ?? false,
  };
  await grader.grade(slice, sink);
  return [...outcomes].sort(([one], [other]) => one - other).map(([, outcome]) => outcome);
}

describe('a slice of items', () => {
  it('is graded by the rules where they decide, else by the model, with both beside', async () => {
    const [spread, loose] = await grade([SPREAD, LOOSE]);
    expect(spread).toMatchObject({
      code: SPREAD.code,
      grade: 'e',
      source: 'official',
      official: { grade: 'e', status: 'final', kind: 'food' },
    });
    expect(loose).toMatchObject({ source: 'model', official: null });
    expect(loose).not.toHaveProperty('code');
    expect((loose as GradedItem).grade).toBe((loose as GradedItem).model.grade);
    expect((loose as GradedItem).warnings).toContain('category-unknown');
  });

  it('gives a provisional official grade, and the model’s as the grade', async () => {
    const [item] = await grade([{ ...SPREAD, sugars: 20, saturatedFat: 3, fat: 20, fibre: null }]);
    expect(item).toMatchObject({ source: 'model', official: { status: 'provisional' } });
  });

  it('gives what the steps of a shard give', async () => {
    const items = spreads(64);
    const rows = createItemRows(64);
    items.forEach((item, row) => {
      readItem(item, rows, row);
    });
    const validated = validate(firstRows(rows, 64));
    const features = encodeFeatures(validated, validated.acceptedRows);
    const probabilities = await model.scorer.score(features.values, 64);
    const outcomes = await grade(items);
    outcomes.forEach((outcome, row) => {
      const { official, model: predicted } = outcome as GradedItem;
      expect(official).toEqual(officialGradeAt(validated.columns, row, '2023'));
      const shares = probabilities.subarray(row * 5, row * 5 + 5);
      expect(GRADES.indexOf(predicted.grade)).toBe(shares.indexOf(Math.max(...shares)));
      GRADES.forEach((letter, index) => {
        expect(predicted.probabilities[letter]).toBe(Math.round((shares[index] ?? 0) * 10_000) / 10_000);
      });
    });
  });

  it('rejects what must not be graded, with the values by the names that the item used', async () => {
    const [plain, flat] = await grade([IMPOSSIBLE, { fat_100g: 3, 'saturated-fat_100g': 5 }]);
    const reasons = [
      { code: 'saturated-fat-over-fat', detail: expect.stringMatching(/^Saturated fat is more/) },
    ];
    expect(plain).toEqual({ outcome: 'rejected', code: '9', reasons, values: { fat: 3, saturatedFat: 5 } });
    expect(flat).toEqual({ outcome: 'rejected', reasons, values: { fat_100g: 3, 'saturated-fat_100g': 5 } });
  });

  it('tells of what is no item, and grades those around it', async () => {
    const outcomes = await grade([{ sugar: 1 }, SPREAD, IMPOSSIBLE, 7, LOOSE]);
    expect(outcomes.map((outcome) => ('outcome' in outcome ? outcome.outcome : 'invalid'))).toEqual([
      'invalid',
      'graded',
      'rejected',
      'invalid',
      'graded',
    ]);
  });

  it.each([[[]], [[{ sugar: 1 }]], [[IMPOSSIBLE]]])('has nothing to score in %j', async (values) => {
    expect(await grade(values)).toHaveLength(values.length);
  });

  it('keeps codes as they were sent', async () => {
    const codes = ['"quoted"\\', 'ß\u2028', '0012', '\ud800'];
    const outcomes = await grade(codes.map((code) => ({ ...LOOSE, code })));
    expect(outcomes.map((outcome) => (outcome as GradedItem).code)).toEqual(codes);
  });

  it('says why the model says so, where it is asked', async () => {
    const [item] = await grade([SPREAD], { isExplained: true });
    const [first] = (item as GradedItem).contributions ?? [];
    expect(first?.text).toMatch(/^sugars 56.3 g: pushes toward [A-E]$/);
    const unexplained: ServingModel = { ...model, explain: undefined };
    const [other] = await grade([SPREAD], { isExplained: true, model: unexplained });
    expect(other).not.toHaveProperty('contributions');
  });

  it('is told later where the scorer answers later, and the same', async () => {
    const items = [...spreads(5), IMPOSSIBLE, LOOSE];
    expect(await grade(items, { model: slowly(model) })).toEqual(await grade(items));
  });

  it('is counted item by item', async () => {
    counted.length = 0;
    await grade([SPREAD, IMPOSSIBLE, { sugar: 1 }, LOOSE]);
    expect(counted).toEqual([
      expect.stringMatching(/^rejected \d+$/),
      expect.stringMatching(/^e[a-e]$/),
      expect.stringMatching(/^-[a-e]$/),
    ]);
  });

  it('grades by the rules of 2021 where they are asked for', async () => {
    const { sink, outcomes } = collect();
    const older = createSliceGrader('2021', 1, { graded() {}, rejected() {} });
    const milk = {
      categories: 'en:milks',
      energyKj: 200,
      fat: 1.5,
      saturatedFat: 1,
      sugars: 4.8,
      fibre: 0,
      proteins: 3.3,
      salt: 0.1,
      fruitShare: 0,
    };
    await older.grade({ values: [milk], first: 0, end: 1, model, isExplained: false }, sink);
    const [newer] = await grade([milk]);
    expect(outcomes.get(0)).toMatchObject({ official: { kind: 'food' } });
    expect(newer).toMatchObject({ official: { kind: 'beverage' } });
  });
});
