/**
 * What the model is trained on: real rows with their grade, and whole products made of all real rows, moved,
 * graded by the rules and given real gaps. Everything is made of training rows only; products that are held
 * out lend nothing, not even a gap.
 */
import { encodeFeatures } from '../../core/features/encode-features.ts';
import { validate } from '../../core/validation/validate.ts';
import { NO_GRADE } from '../../schemas/grade.ts';
import { createRandom } from '../random.ts';
import type { FeatureRows } from '../xgboost/booster.ts';
import { completeRows, createDonors, type Donors } from './complete-items.ts';
import { drawGaps, hideInputs, readGapPatterns } from './hide-inputs.ts';
import { createPool, type ItemPool, joinPools, pickRows, rowsWhere, thinRows } from './item-pool.ts';
import { perturbRows } from './perturb-items.ts';
import { productPlace } from './product-key.ts';
import { gradeByRules, gradeCompleteRows } from './rule-labels.ts';
import { SOURCE_RULES } from './source-table.ts';

/** A grade that Open Food Facts computed counts as several made ones: made rows are many and cheap. */
export const REPORTED_WEIGHT = 8;
/**
 * Products that others are made of, at most: each loan looks through all of them, and 150 copies of each are three
 * million rows. A larger source is thinned for it; its real rows are all trained on.
 */
const MADE_OF_MAX = 20_000;
/** Loans are drawn anew every so many copies: looking for neighbours takes longer than all the rest. */
const COPIES_PER_LOAN = 10;

export interface LabelledRows {
  readonly pool: ItemPool;
  readonly features: FeatureRows;
  /** Grade numbers, as XGBoost takes labels. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

/** Products apart: none has rows in two parts. */
export interface Split {
  readonly training: ItemPool;
  /** Chooses the number of rounds and the temperature. */
  readonly validation: ItemPool;
  /** Judges the model; nothing is chosen by it. */
  readonly heldOut: ItemPool;
}

/** Accepted rows only, products apart, rows without a reported grade graded where their inputs allow it. */
export function splitProducts(
  pool: ItemPool,
  seed: number,
  heldOutShare: number,
  validationShare = 0,
): Split {
  const accepted = pickRows(pool, validate(pool.columns).acceptedRows);
  const between = (from: number, to: number): ItemPool => {
    const rows = rowsWhere(accepted, (row) => {
      const place = productPlace(accepted.productKeys[row] ?? 0, seed);
      return place >= from && place < to;
    });
    const part = pickRows(accepted, rows);
    gradeUnreported(part);
    return part;
  };
  const kept = heldOutShare + validationShare;
  return {
    training: between(kept, 1),
    validation: between(heldOutShare, kept),
    heldOut: between(0, heldOutShare),
  };
}

function gradeUnreported(pool: ItemPool): void {
  const graded = pickRows(
    pool,
    rowsWhere(pool, () => true),
  );
  gradeCompleteRows(graded);
  pool.sources.forEach((source, row) => {
    const isUngraded = pool.grades[row] === NO_GRADE && SOURCE_RULES[source]?.labels !== 'reported';
    if (isUngraded) pool.grades[row] = graded.grades[row] ?? NO_GRADE;
  });
}

export interface TrainingRows extends LabelledRows {
  /** The first so many rows are real, the rest are made. */
  readonly realRowCount: number;
}

/** The training matrix: real rows with a grade, and `copies` made products of each training row. */
export function makeTrainingRows(training: ItemPool, seed: number, copies: number): TrainingRows {
  const real = pickRows(
    training,
    rowsWhere(training, (row) => training.grades[row] !== NO_GRADE),
  );
  const products = thinRows(training, MADE_OF_MAX);
  const donors = createDonors(products);
  const patterns = readGapPatterns(training);
  const pools = [real];
  let whole = createPool(0);
  for (let copy = 0; copy < copies; copy += 1) {
    if (copy % COPIES_PER_LOAN === 0) whole = drawProducts(products, donors, seed, copy);
    const made = pickRows(
      whole,
      rowsWhere(whole, () => true),
    );
    const gaps = drawGaps(made.columns.rowCount, patterns, createRandom(seed, `hide ${copy}`));
    if (copy > 0) perturbRows(made, gaps, createRandom(seed, `perturb ${copy}`));
    gradeByRules(made);
    hideInputs(made, gaps);
    pools.push(made);
  }
  const isReported = (row: number): boolean =>
    row < real.columns.rowCount && SOURCE_RULES[real.sources[row] ?? 0]?.labels === 'reported';
  const rows = labelRows(joinPools(pools), (row) => (isReported(row) ? REPORTED_WEIGHT : 1));
  return { ...rows, realRowCount: real.columns.rowCount };
}

function drawProducts(products: ItemPool, donors: Donors, seed: number, copy: number): ItemPool {
  const all = rowsWhere(products, () => true);
  return completeRows(products, all, donors, createRandom(seed, `complete ${copy}`));
}

/** Features of the rows that validation accepts and that have a grade. */
export function labelRows(pool: ItemPool, weightOf: (row: number) => number = () => 1): LabelledRows {
  const items = validate(pool.columns);
  const rows = items.acceptedRows.filter((row) => pool.grades[row] !== NO_GRADE);
  return {
    pool: pickRows(pool, rows),
    features: encodeFeatures(items, rows),
    labels: Float32Array.from(rows, (row) => pool.grades[row] ?? NO_GRADE),
    weights: Float32Array.from(rows, weightOf),
  };
}
