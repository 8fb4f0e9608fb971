/**
 * Items from JSON to outcomes, some hundred at a time, with the very steps of a shard: validate, encode features, score,
 * rules. The columns that items are read into are made once: a request makes no typed array a nutrient.
 */
import { encodeFeatures, type FeatureMatrix } from '../../../core/features/encode-features.ts';
import { createItemRows, firstRows } from '../../../core/items/item-rows.ts';
import { readItem } from '../../../core/items/read-item.ts';
import { officialGradeAt } from '../../../core/nutriscore/official-grades.ts';
import { type ValidatedItems, validate } from '../../../core/validation/validate.ts';
import { GRADES, type RulesVersion } from '../../../schemas/grade.ts';
import type { ItemFault, OfficialGrade, RejectedItem } from '../../../schemas/http.ts';
import { mostProbable } from '../../grading/most-probable.ts';
import { explainGrade } from './explain-grade.ts';
import { gradedText } from './outcome-text.ts';
import { rejectedItem } from './rejected-item.ts';
import type { ServingModel } from './serving-model.ts';

/** Takes what became of each item, by its place among the values. */
export interface OutcomeSink {
  /** @param text JSON of a `GradedItem` */
  graded(place: number, text: string): void;
  rejected(place: number, outcome: RejectedItem): void;
  invalid(place: number, faults: readonly ItemFault[]): void;
}

export interface SliceMeter {
  /** @param modelGrade number of the model's grade */
  graded(
    items: ValidatedItems,
    row: number,
    official: OfficialGrade | null,
    modelGrade: number,
    version: string,
  ): void;
  /** @param reasons bits of `REJECT_CODES` */
  rejected(items: ValidatedItems, row: number, reasons: number, version: string): void;
}

export interface Slice {
  readonly values: readonly unknown[];
  /** Of those from `first` to before `end`, at most the grader's capacity. */
  readonly first: number;
  readonly end: number;
  readonly model: ServingModel;
  readonly isExplained: boolean;
}

export interface SliceGrader {
  readonly capacity: number;
  /**
   * Fulfilled when the sink has all outcomes; undefined where it had them at once, as with a scorer that answers within the
   * turn. Until then no other slice may be given.
   */
  grade(slice: Slice, sink: OutcomeSink): Promise<void> | undefined;
}

export function createSliceGrader(rules: RulesVersion, capacity: number, meter: SliceMeter): SliceGrader {
  const rows = createItemRows(capacity);
  /** Of each row, the place of its value. */
  const places = new Int32Array(capacity);

  function readAll({ values, first, end }: Slice, sink: OutcomeSink): number {
    let count = 0;
    for (let place = first; place < end; place += 1) {
      const faults = readItem(values[place], rows, count);
      if (faults !== undefined) {
        sink.invalid(place, faults);
        continue;
      }
      places[count] = place;
      count += 1;
    }
    return count;
  }

  function tellRejected({ values, model }: Slice, items: ValidatedItems, sink: OutcomeSink): void {
    const { columns, rejects } = items;
    for (let row = 0; row < columns.rowCount; row += 1) {
      const reasons = rejects[row] as number;
      if (reasons === 0) continue;
      const place = places[row] as number;
      meter.rejected(items, row, reasons, model.version);
      sink.rejected(place, rejectedItem(items, row, values[place]));
    }
  }

  function tellGraded(
    { values, model, isExplained }: Slice,
    items: ValidatedItems,
    features: FeatureMatrix,
    probabilities: Float32Array,
    sink: OutcomeSink,
  ): void {
    const { acceptedRows } = items;
    // A plain loop: it runs once an item, some ten thousand times a second.
    for (let index = 0; index < acceptedRows.length; index += 1) {
      const row = acceptedRows[index] as number;
      const place = places[row] as number;
      const start = index * GRADES.length;
      const official = officialGradeAt(items.columns, row, rules);
      const predicted = mostProbable(probabilities, start);
      const contributions = isExplained ? explainGrade(model, features, index) : undefined;
      const { code } = values[place] as { readonly code?: unknown }; // `readItem` took it
      meter.graded(items, row, official, predicted, model.version);
      sink.graded(
        place,
        gradedText(
          code,
          official,
          predicted,
          probabilities,
          start,
          items.warnings[row] as number,
          model.version,
          contributions,
        ),
      );
    }
  }

  return {
    capacity,
    grade(slice, sink) {
      const count = readAll(slice, sink);
      if (count === 0) return undefined;
      const items = validate(firstRows(rows, count));
      if (items.acceptedRows.length < count) tellRejected(slice, items, sink);
      if (items.acceptedRows.length === 0) return undefined;
      const features = encodeFeatures(items, items.acceptedRows);
      const { scorer } = slice.model;
      if (scorer.scoreSync !== undefined) {
        tellGraded(slice, items, features, scorer.scoreSync(features.values, features.rowCount), sink);
        return undefined;
      }
      return scorer
        .score(features.values, features.rowCount)
        .then((probabilities) => tellGraded(slice, items, features, probabilities, sink));
    },
  };
}
