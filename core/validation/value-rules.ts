/** Rules on single columns. Each function sets bits in the row's masks; none allocates. */
import type { ItemColumns } from '../items/item-columns.ts';
import { NUTRIENTS, type Nutrient } from '../items/nutrients.ts';
import { rejectMask, warningMask } from './codes.ts';
import { THRESHOLDS as T } from './thresholds.ts';

const NOT_FINITE = rejectMask('value-not-finite');
const NEGATIVE = rejectMask('value-negative');
const OVER_105 = rejectMask('value-over-105');
const OVER_1000 = rejectMask('value-over-1000');
const ENERGY_OVER = rejectMask('energy-over-3800-kj');
const SALT_TINY = warningMask('salt-under-0-001-g');
const SALT_SMALL = warningMask('salt-under-0-01-g');
const SALT_LOW = warningMask('salt-under-0-1-g');
const FIBRE_ABSENT = warningMask('fibre-absent');
const FRUIT_SHARE_ABSENT = warningMask('fruit-share-absent');

const ENERGIES: readonly Nutrient[] = ['energyKj', 'energyKcal'];

/** Infinite, negative and impossibly large values of every column. An infinite value is only that. */
export function markImpossibleValues(columns: ItemColumns, rejects: Uint32Array): void {
  for (const nutrient of NUTRIENTS) {
    const values = columns.nutrients[nutrient];
    const isEnergy = ENERGIES.includes(nutrient);
    for (let row = 0; row < columns.rowCount; row += 1) {
      const bits = impossibleValueBits(values[row] as number, isEnergy);
      if (bits !== 0) rejects[row] = (rejects[row] as number) | bits;
    }
  }
  markEnergyOver(columns, rejects);
}

/** Reject bits that one value has by itself; 0 for an absent one. */
export function impossibleValueBits(value: number, isEnergy: boolean): number {
  if (value >= 0 && value <= T.nutrientOver) return 0;
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return NOT_FINITE;
  if (value < 0) return NEGATIVE;
  if (isEnergy || Number.isNaN(value)) return 0;
  return value > T.nutrientFarOver ? OVER_105 | OVER_1000 : OVER_105;
}

function markEnergyOver(columns: ItemColumns, rejects: Uint32Array): void {
  const { energyKj } = columns.nutrients;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const value = energyKj[row] as number;
    const isOver = value > T.energyOverKj && value !== Number.POSITIVE_INFINITY;
    if (isOver) rejects[row] = (rejects[row] as number) | ENERGY_OVER;
  }
}

/** Salt so low that a unit was probably mistaken: one code a row, the most telling. */
export function markLowSalt(columns: ItemColumns, warnings: Uint32Array): void {
  const { salt } = columns.nutrients;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const value = salt[row] as number;
    const isLow = value > 0 && value < T.saltLow;
    if (!isLow) continue;
    const bit = value < T.saltTiny ? SALT_TINY : value < T.saltSmall ? SALT_SMALL : SALT_LOW;
    warnings[row] = (warnings[row] as number) | bit;
  }
}

/** Absent inputs that the official rules count as 0, so that the grade may be worse than the true one. */
export function markAbsentFavourables(columns: ItemColumns, warnings: Uint32Array): void {
  const { fibre, fruitShare } = columns.nutrients;
  for (let row = 0; row < columns.rowCount; row += 1) {
    let bits = 0;
    if (Number.isNaN(fibre[row])) bits |= FIBRE_ABSENT;
    if (Number.isNaN(fruitShare[row])) bits |= FRUIT_SHARE_ABSENT;
    if (bits !== 0) warnings[row] = (warnings[row] as number) | bits;
  }
}
