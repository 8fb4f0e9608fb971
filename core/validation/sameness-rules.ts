/** Values that repeat: the same number everywhere, zeros everywhere. */
import type { ItemColumns } from '../items/item-columns.ts';
import type { Nutrient } from '../items/nutrients.ts';
import { rejectMask, warningMask } from './codes.ts';
import { THRESHOLDS as T } from './thresholds.ts';

const ALL_IDENTICAL = rejectMask('values-all-identical');
const IDENTICAL = warningMask('identical-values');
const ALL_ZERO = warningMask('all-values-zero');

/**
 * The main values of a nutrition table but for energy, which counts once: kcal where it is declared, since
 * the kJ beside it is often derived from it. Sodium is not among them: it is held as salt.
 */
const MAIN_VALUES = [
  'fat',
  'saturatedFat',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
] as const satisfies readonly Nutrient[];

export function markSameness(columns: ItemColumns, rejects: Uint32Array, warnings: Uint32Array): void {
  const { energyKj, energyKcal } = columns.nutrients;
  const mains = MAIN_VALUES.map((nutrient) => columns.nutrients[nutrient]);
  const given = new Float64Array(MAIN_VALUES.length + 1);
  for (let row = 0; row < columns.rowCount; row += 1) {
    let count = 0;
    const kcal = energyKcal[row] as number;
    const energy = Number.isNaN(kcal) ? (energyKj[row] as number) : kcal;
    if (!Number.isNaN(energy)) given[count++] = energy;
    for (let main = 0; main < mains.length; main += 1) {
      const value = (mains[main] as Float64Array)[row] as number;
      if (!Number.isNaN(value)) given[count++] = value;
    }
    if (isAllZero(given, count)) warnings[row] = (warnings[row] as number) | ALL_ZERO;
    const repeats = mostRepeats(given, count);
    if (repeats >= T.identicalMin) warnings[row] = (warnings[row] as number) | IDENTICAL;
    const isAllIdentical = repeats === count && count > T.allIdenticalMoreThan;
    if (isAllIdentical) rejects[row] = (rejects[row] as number) | ALL_IDENTICAL;
  }
}

function isAllZero(values: Float64Array, count: number): boolean {
  for (let place = 0; place < count; place += 1) if (values[place] !== 0) return false;
  return count > 0;
}

/** How often the most frequent value above 1 occurs; eight values, so each is compared with each. */
function mostRepeats(values: Float64Array, count: number): number {
  let most = 0;
  for (let place = 0; place < count; place += 1) {
    const value = values[place] as number;
    if (!(value > T.identicalOver)) continue;
    let repeats = 1;
    for (let other = place + 1; other < count; other += 1) if (values[other] === value) repeats += 1;
    if (repeats > most) most = repeats;
  }
  return most;
}
