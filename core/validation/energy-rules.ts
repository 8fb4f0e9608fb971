/**
 * Declared energy against itself (kcal, kJ) and against what the nutrients give.
 * Source of the factors: Regulation (EU) 1169/2011, annex XIV; of the bands: see `thresholds.ts`.
 */
import type { ItemColumns } from '../items/item-columns.ts';
import { CATEGORY_ROLES } from '../nutriscore/category-roles.ts';
import { rejectMask, warningMask } from './codes.ts';
import { ENERGY_PER_GRAM, FLOAT_NOISE, THRESHOLDS as T } from './thresholds.ts';

const NOT_FINITE = rejectMask('value-not-finite');
const KCAL_OVER_KJ = rejectMask('energy-kcal-over-kj');
const REVERSED = rejectMask('energy-kcal-kj-reversed');
const MISMATCH = rejectMask('energy-kcal-kj-mismatch');
const NOT_AS_COMPUTED = rejectMask('energy-not-as-computed');
const MAY_NOT_MATCH = warningMask('energy-may-not-match-computed');

/** Rows that declare both units. Zero and zero agree: "reversed" asks for kcal above kJ first. */
export function markEnergyUnits(columns: ItemColumns, rejects: Uint32Array): void {
  const { energyKj, energyKcal } = columns.nutrients;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const kj = energyKj[row] as number;
    const kcal = energyKcal[row] as number;
    const isComparable = kj >= 0 && kcal >= 0 && ((rejects[row] as number) & NOT_FINITE) === 0;
    if (!isComparable) continue;
    let bits = 0;
    if (kcal > kj) {
      bits |= KCAL_OVER_KJ;
      if (isWithinConversion(kj, kcal)) bits |= REVERSED;
    }
    if (!isConversion(kcal, kj)) bits |= MISMATCH;
    if (bits !== 0) rejects[row] = (rejects[row] as number) | bits;
  }
}

/** Whether `kj` can be the energy of `kcal`; the ends of the band belong to it. */
function isConversion(kcal: number, kj: number): boolean {
  const isTooLow = kj < T.kjPerKcalMin * kcal - T.kcalRounding - FLOAT_NOISE;
  const isTooHigh = kj > T.kjPerKcalMax * kcal + T.kcalRounding + FLOAT_NOISE;
  return !isTooLow && !isTooHigh;
}

/** The same band, its ends excluded. */
function isWithinConversion(kcal: number, kj: number): boolean {
  const isAbove = kj > T.kjPerKcalMin * kcal - T.kcalRounding + FLOAT_NOISE;
  const isBelow = kj < T.kjPerKcalMax * kcal + T.kcalRounding - FLOAT_NOISE;
  return isAbove && isBelow;
}

/**
 * Compares in kcal where kcal is declared, else in kJ: most exports derive kJ from a declared kcal, and a
 * derived value repeats the other's verdict with an unfair share of the rounding. Silent where fat,
 * carbohydrates or proteins are absent, and where alcohol counts: it is declared in % vol, not in grams.
 * Juices may hold organic acids, which give energy and must not be declared; Open Food Facts exempts
 * lemon juice by its category, here any juice may have as much of them as lemon juice has.
 */
export function markComputedEnergy(columns: ItemColumns, rejects: Uint32Array, warnings: Uint32Array): void {
  const { energyKj, energyKcal, alcohol } = columns.nutrients;
  for (let row = 0; row < columns.rowCount; row += 1) {
    const isSkipped = (alcohol[row] as number) > 0 || ((rejects[row] as number) & NOT_FINITE) !== 0;
    if (isSkipped) continue;
    const kcal = energyKcal[row] as number;
    const unit = Number.isNaN(kcal) ? 'kj' : 'kcal';
    const declared = unit === 'kcal' ? kcal : (energyKj[row] as number);
    const computed = computedEnergy(columns, row, unit);
    const compared = unit === 'kcal' ? T.energyComparedKcal : T.energyComparedKj;
    const isHighEnough = declared > compared || computed > compared + FLOAT_NOISE;
    const isComparable = declared >= 0 && !Number.isNaN(computed) && isHighEnough;
    if (!isComparable) continue;
    const isJuice = ((columns.categoryRoles[row] as number) & CATEGORY_ROLES.juice) !== 0;
    const acids = isJuice ? T.juiceAcidsGrams * ENERGY_PER_GRAM[unit].organicAcids : 0;
    if (isOutside(computed, acids, declared, T.computedRejectMin, T.computedRejectMax)) {
      rejects[row] = (rejects[row] as number) | NOT_AS_COMPUTED;
    }
    if (isOutside(computed, acids, declared, T.computedWarnMin, T.computedWarnMax)) {
      warnings[row] = (warnings[row] as number) | MAY_NOT_MATCH;
    }
  }
}

function isOutside(
  computed: number,
  acids: number,
  declared: number,
  shareMin: number,
  shareMax: number,
): boolean {
  const isTooLow = computed + acids < declared * shareMin - T.computedRounding - FLOAT_NOISE;
  const isTooHigh = computed > declared * shareMax + T.computedRounding + FLOAT_NOISE;
  return isTooLow || isTooHigh;
}

/**
 * Energy that the nutrients give; `NaN` where fat, carbohydrates or proteins are absent. Absent fibre and
 * polyols count as 0; erythritol, which gives none, stands for the polyols where only it is given.
 */
export function computedEnergy(columns: ItemColumns, row: number, unit: 'kj' | 'kcal'): number {
  const { nutrients } = columns;
  const perGram = ENERGY_PER_GRAM[unit];
  const erythritol = zeroIfAbsent(nutrients.erythritol[row] as number);
  const givenPolyols = nutrients.polyols[row] as number;
  const polyols = Number.isNaN(givenPolyols) ? erythritol : givenPolyols;
  return (
    perGram.carbohydrates * ((nutrients.carbohydrates[row] as number) - polyols) +
    perGram.polyols * (polyols - erythritol) +
    perGram.proteins * (nutrients.proteins[row] as number) +
    perGram.fat * (nutrients.fat[row] as number) +
    perGram.fibre * zeroIfAbsent(nutrients.fibre[row] as number)
  );
}

function zeroIfAbsent(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
