/** What the rejects dataset shows beside the codes: the inputs that broke the rules. */
import { textAt } from '../items/item-columns.ts';
import { NUTRIENTS, type Nutrient } from '../items/nutrients.ts';
import { codesOf, REJECT_CODES, type RejectCode, rejectMask } from './codes.ts';
import { computedEnergy } from './energy-rules.ts';
import { PARTS_OVER_WHOLE, TOTAL_PARTS } from './relation-rules.ts';
import type { ValidatedItems } from './validate.ts';
import { impossibleValueBits } from './value-rules.ts';

/** Flat Open Food Facts names, as users know the columns. */
export const COLUMN_NAMES: Readonly<Record<Nutrient, string>> = {
  energyKj: 'energy_100g',
  energyKcal: 'energy-kcal_100g',
  fat: 'fat_100g',
  saturatedFat: 'saturated-fat_100g',
  carbohydrates: 'carbohydrates_100g',
  sugars: 'sugars_100g',
  fibre: 'fiber_100g',
  proteins: 'proteins_100g',
  salt: 'salt_100g',
  fruitShare: 'fruits-vegetables-legumes_100g',
  alcohol: 'alcohol_100g',
  starch: 'starch_100g',
  polyols: 'polyols_100g',
  erythritol: 'erythritol_100g',
  fructose: 'fructose_100g',
  glucose: 'glucose_100g',
  maltose: 'maltose_100g',
  lactose: 'lactose_100g',
  sucrose: 'sucrose_100g',
  solubleFibre: 'soluble-fiber_100g',
  insolubleFibre: 'insoluble-fiber_100g',
};

const MAIN: readonly Nutrient[] = [
  'energyKj',
  'energyKcal',
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
];
const ENERGIES: readonly Nutrient[] = ['energyKj', 'energyKcal'];

function partsOf(code: RejectCode): readonly Nutrient[] {
  const rule = PARTS_OVER_WHOLE.find(({ bit }) => codesOf(REJECT_CODES, bit).includes(code));
  return rule === undefined ? [] : [rule.whole, ...rule.parts];
}

/** Inputs that each code rests on; codes whose inputs depend on the value come from `impossibleValueBits`. */
const INPUTS: Partial<Readonly<Record<RejectCode, readonly Nutrient[]>>> = {
  'total-over-105': TOTAL_PARTS,
  'total-over-1000': TOTAL_PARTS,
  'energy-over-3800-kj': ['energyKj'],
  'sugars-and-starch-over-carbohydrates': partsOf('sugars-and-starch-over-carbohydrates'),
  'saturated-fat-over-fat': partsOf('saturated-fat-over-fat'),
  'sugar-parts-over-sugars': partsOf('sugar-parts-over-sugars'),
  'fibre-parts-over-fibre': partsOf('fibre-parts-over-fibre'),
  'energy-kcal-over-kj': ENERGIES,
  'energy-kcal-kj-reversed': ENERGIES,
  'energy-kcal-kj-mismatch': ENERGIES,
  'energy-not-as-computed': [
    ...ENERGIES,
    'fat',
    'carbohydrates',
    'proteins',
    'fibre',
    'polyols',
    'erythritol',
  ],
  'values-all-identical': MAIN,
};

/** Bits of `NUTRIENTS` that each code rests on, by the bit of the code. */
const INPUT_BITS = REJECT_CODES.map((code) =>
  (INPUTS[code] ?? []).reduce((bits, nutrient) => bits | (1 << NUTRIENTS.indexOf(nutrient)), 0),
);
const IS_ENERGY = NUTRIENTS.map((nutrient) => ENERGIES.includes(nutrient));
const UNUSABLE_CODE = rejectMask('missing-code') | rejectMask('code-too-long');
const NOT_AS_COMPUTED = rejectMask('energy-not-as-computed');

/** All inputs that the codes of one row rest on. In hot loops there are rejected rows too: no set is made of them. */
function inputBitsOf(rejects: number): number {
  let inputs = 0;
  for (let bits = rejects; bits !== 0; bits &= bits - 1) {
    inputs |= INPUT_BITS[31 - Math.clz32(bits & -bits)] as number;
  }
  return inputs;
}

/**
 * The given inputs behind the reject codes of one row, by the names that users know them by, in the order of `NUTRIENTS`.
 * Infinite values are texts, since JSON has none; `code` is there when it is what is wrong, and
 * `computed-energy` (the unit in its name) when the energy was compared with it. Empty for an accepted row.
 */
export function offendingValues(
  items: ValidatedItems,
  row: number,
  names: Readonly<Record<Nutrient, string>> = COLUMN_NAMES,
): Record<string, number | string> {
  const { columns } = items;
  const rejects = items.rejects[row] ?? 0;
  const inputs = inputBitsOf(rejects);
  const values: Record<string, number | string> = {};
  if ((rejects & UNUSABLE_CODE) !== 0) values['code'] = textAt(columns.codes, row);
  for (let place = 0; place < NUTRIENTS.length; place += 1) {
    const nutrient = NUTRIENTS[place] as Nutrient;
    const value = columns.nutrients[nutrient][row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const isNamed = (inputs & (1 << place)) !== 0;
    const isImpossible = impossibleValueBits(value, IS_ENERGY[place] as boolean) !== 0;
    if (isNamed || isImpossible) values[names[nutrient]] = Number.isFinite(value) ? value : String(value);
  }
  if ((rejects & NOT_AS_COMPUTED) !== 0) {
    const isKcal = !Number.isNaN(columns.nutrients.energyKcal[row]);
    const computed = computedEnergy(columns, row, isKcal ? 'kcal' : 'kj');
    values[isKcal ? 'computed-energy-kcal' : 'computed-energy-kj'] = Number(computed.toFixed(3));
  }
  return values;
}
