/** The rows that a model is judged on, none of them of a product that it was trained on. */
import type { Nutrient } from '../../core/items/nutrients.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { KINDS, type Kind } from '../../core/nutriscore/rules.ts';
import { NO_GRADE } from '../../schemas/grade.ts';
import { createRandom } from '../random.ts';
import { completeRows, createDonors } from '../rows/complete-items.ts';
import { drawGaps, gapsWithout, hide, hideInputs, readGapPatterns } from '../rows/hide-inputs.ts';
import { type ItemPool, joinPools, pickRows, rowsWhere, thinRows } from '../rows/item-pool.ts';
import { gradeByRules } from '../rows/rule-labels.ts';
import { SOURCE_RULES } from '../rows/source-table.ts';
import { type LabelledRows, labelRows } from '../rows/training-set.ts';

/** Rows judged together. Names are keys of the manifest's metrics. */
export interface EvaluationSet {
  readonly name: string;
  readonly description: string;
  readonly rows: LabelledRows;
}

interface Slice {
  readonly name: string;
  readonly description: string;
  readonly nutrients: readonly Nutrient[];
  readonly hidesCategory: boolean;
  /** Without it all kinds. */
  readonly kinds?: readonly Kind[];
}

const whole = { nutrients: [], hidesCategory: false } as const;
const SLICES: readonly Slice[] = [
  { name: 'complete', description: 'made whole, nothing hidden', ...whole },
  { ...whole, name: 'without-fibre', description: 'fibre hidden', nutrients: ['fibre'] },
  {
    ...whole,
    name: 'without-fibre-and-fruit-share',
    description: 'fibre and fruit share hidden',
    nutrients: ['fibre', 'fruitShare'],
  },
  {
    ...whole,
    name: 'without-saturated-fat',
    description: 'saturated fat hidden',
    nutrients: ['saturatedFat'],
  },
  { ...whole, name: 'without-sugars', description: 'sugars hidden', nutrients: ['sugars'] },
  { ...whole, name: 'without-fruit-share', description: 'fruit share hidden', nutrients: ['fruitShare'] },
  { ...whole, name: 'category-unknown', description: 'category hidden', hidesCategory: true },
  {
    ...whole,
    name: 'beverages',
    description: 'made whole, beverages',
    kinds: [KINDS.beverage, KINDS.water],
  },
  { ...whole, name: 'fats', description: 'made whole, fats, oils, nuts and seeds', kinds: [KINDS.fat] },
  { ...whole, name: 'cheese', description: 'made whole, cheeses', kinds: [KINDS.cheese] },
  { ...whole, name: 'red-meat', description: 'made whole, red meat', kinds: [KINDS.redMeat] },
];

/** Held-out rows that products are made of, and training rows that they borrow from, at most. */
const JUDGED_MAX = 20_000;
const LENDERS_MAX = 30_000;

/**
 * Sets made of the held-out rows; what those lack is borrowed from training rows. First the rows as they stand in
 * the files, then products made whole with one thing hidden, then with the gaps of real rows.
 */
export function evaluationSets(training: ItemPool, heldOut: ItemPool, seed: number): EvaluationSet[] {
  const sources = sourceSets(heldOut);
  const judged = thinRows(heldOut, JUDGED_MAX);
  const all = rowsWhere(judged, () => true);
  const donors = createDonors(thinRows(training, LENDERS_MAX));
  const products = completeRows(judged, all, donors, createRandom(seed, 'evaluate'));
  gradeByRules(products);
  const gapped = pickRows(products, all);
  const gaps = drawGaps(all.length, readGapPatterns(training), createRandom(seed, 'evaluate gaps'));
  hideInputs(gapped, gaps);
  const sets = [
    ...SLICES.slice(0, 1).map((slice) => sliceSet(products, slice)),
    {
      name: 'all',
      description: 'rows with a grade as they stand in the files',
      rows: labelRows(joinPools(sources.map(({ rows }) => rows.pool))),
    },
    ...sources,
    ...SLICES.slice(1).map((slice) => sliceSet(products, slice)),
    { name: 'real-gaps', description: 'made whole, then the gaps of training', rows: labelRows(gapped) },
  ];
  return sets.filter(({ rows }) => rows.features.rowCount > 0);
}

function sourceSets(heldOut: ItemPool): EvaluationSet[] {
  return SOURCE_RULES.flatMap(({ name, labels }, source) => {
    const isGraded = (row: number): boolean =>
      heldOut.sources[row] === source && heldOut.grades[row] !== NO_GRADE;
    const rows = rowsWhere(heldOut, isGraded);
    if (rows.length === 0) return [];
    const origin = labels === 'reported' ? 'grades of Open Food Facts' : 'graded by the rules';
    return [{ name, description: `source \`${name}\`, ${origin}`, rows: labelRows(pickRows(heldOut, rows)) }];
  });
}

function sliceSet(products: ItemPool, slice: Slice): EvaluationSet {
  const rows = rowsWhere(products, (row) => {
    const { kind } = categoryFacts(products.columns.categoryRoles[row] ?? 0, '2023');
    return slice.kinds === undefined || slice.kinds.includes(kind);
  });
  const copy = pickRows(products, rows);
  const pattern = gapsWithout(slice.nutrients, slice.hidesCategory);
  for (let row = 0; row < copy.columns.rowCount; row += 1) hide(copy, row, pattern);
  return { name: slice.name, description: slice.description, rows: labelRows(copy) };
}

/** Share of each kind among the rows of a set, by the category that they have. */
export function kindShares({ pool }: LabelledRows): Readonly<Record<string, number>> {
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const rowCount = pool.columns.rowCount;
  const kinds = pool.columns.categoryRoles.map((roles) => categoryFacts(roles, '2023').kind);
  return Object.fromEntries(
    names.map((name) => [name, kinds.filter((kind) => kind === KINDS[name]).length / rowCount]),
  );
}
