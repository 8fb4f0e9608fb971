/**
 * Which nutrient of a row can not be what it says. Of the reject codes those that name one: a value by itself, and a part
 * that is more than its whole. Those over many inputs at once (the total, the computed energy) tell that something is
 * wrong, and not what. In their place one that needs two inputs alone: a nutrient that by itself gives more energy than
 * the row declares. A catalogue without carbohydrates has nothing else to show that its sugars are too high.
 */
import { DECLARED_FEATURES } from '../features/feature-table.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { type RejectCode, rejectMask } from '../validation/codes.ts';
import { PARTS_OVER_WHOLE } from '../validation/relation-rules.ts';
import { ENERGY_PER_GRAM } from '../validation/thresholds.ts';
import type { ValidatedItems } from '../validation/validate.ts';
import { impossibleValueBits } from '../validation/value-rules.ts';

const ENERGY_CODES: readonly RejectCode[] = [
  'energy-over-3800-kj',
  'energy-kcal-over-kj',
  'energy-kcal-kj-reversed',
  'energy-kcal-kj-mismatch',
];

interface DeclaredNutrient {
  readonly nutrient: Nutrient;
  readonly isEnergy: boolean;
  /** Reject codes that name it. */
  readonly rejectBits: number;
}

const DECLARED: readonly DeclaredNutrient[] = DECLARED_FEATURES.map(([, nutrient]) => {
  const isEnergy = nutrient === 'energyKj';
  const rejectBits = isEnergy ? bitsOf(ENERGY_CODES) : relationBits(nutrient);
  return { nutrient, isEnergy, rejectBits };
});
/** Bit of a nutrient in a row's mask: its place among the declared ones. */
const bitOf = (nutrient: Nutrient): number => 1 << DECLARED.findIndex((of) => of.nutrient === nutrient);
const ENERGY_BIT = bitOf('energyKj');
const SUGARS_BIT = bitOf('sugars');
const FAT_BIT = bitOf('fat');
const SATURATED_BIT = bitOf('saturatedFat');
const CARBOHYDRATES_BIT = bitOf('carbohydrates');
const PROTEINS_BIT = bitOf('proteins');

const PER_GRAM = ENERGY_PER_GRAM.kj;
/** Half a gram of sugars, rounded up, in a food without anything else. */
const ENERGY_ROUNDING_KJ = 10;

/** Rows in which each nutrient of `DECLARED_FEATURES` is impossible, accepted rows among them. */
export function countImpossible(items: ValidatedItems): Float64Array {
  const { rejects } = items;
  const { energyKj, fat, saturatedFat, carbohydrates, sugars, proteins } = items.columns.nutrients;
  const counts = new Float64Array(DECLARED.length);
  // A plain loop over columns: this runs once a row. A value that is not given is NaN, and above nothing.
  for (let row = 0; row < rejects.length; row += 1) {
    const energyMax = (energyKj[row] as number) + ENERGY_ROUNDING_KJ;
    let mask = 0;
    if ((fat[row] as number) * PER_GRAM.fat > energyMax) mask |= FAT_BIT;
    if ((saturatedFat[row] as number) * PER_GRAM.fat > energyMax) mask |= SATURATED_BIT;
    if ((carbohydrates[row] as number) * PER_GRAM.carbohydrates > energyMax) mask |= CARBOHYDRATES_BIT;
    if ((sugars[row] as number) * PER_GRAM.carbohydrates > energyMax) mask |= SUGARS_BIT;
    if ((proteins[row] as number) * PER_GRAM.proteins > energyMax) mask |= PROTEINS_BIT;
    if (mask !== 0) mask |= ENERGY_BIT;
    if (rejects[row] !== 0) mask |= rejectedMask(items, row);
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const place = 31 - Math.clz32(rest & -rest);
      counts[place] = (counts[place] as number) + 1;
    }
  }
  return counts;
}

function rejectedMask({ columns, rejects }: ValidatedItems, row: number): number {
  const reasons = rejects[row] as number;
  let mask = 0;
  for (let place = 0; place < DECLARED.length; place += 1) {
    const { nutrient, isEnergy, rejectBits } = DECLARED[place] as DeclaredNutrient;
    const value = columns.nutrients[nutrient][row] as number;
    if (Number.isNaN(value)) continue;
    const isImpossible = (reasons & rejectBits) !== 0 || impossibleValueBits(value, isEnergy) !== 0;
    if (isImpossible) mask |= 1 << place;
  }
  return mask;
}

function bitsOf(codes: readonly RejectCode[]): number {
  return codes.reduce((bits, code) => bits | rejectMask(code), 0);
}

function relationBits(nutrient: Nutrient): number {
  let bits = 0;
  for (const { bit, parts, whole } of PARTS_OVER_WHOLE) {
    if (whole === nutrient || parts.includes(nutrient)) bits |= bit;
  }
  return bits;
}
