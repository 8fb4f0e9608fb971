/**
 * Points of a value, from a published table turned into bounds.
 *
 * Rounding a value half up to `d` decimals and asking whether it is above threshold `t` is the same as
 * asking whether the value is at least `t + 5 x 10^-(d+1)`: 9.04 g and 9.05 g of sugars against "> 9,
 * rounded to 1" is "at least 9.05". So tables become bounds once, as decimals, and a value is only compared.
 * Rounding each value was refused: `Math.round(1.005 * 100) / 100` is 1, since 1.005 is a little less in
 * binary, and every cure for it is another operation per cell. A declared decimal and the same decimal as
 * a bound are the same binary number, so the comparison is exact.
 */
import type { PointTable } from './rules.ts';

export interface PointScale {
  /** Ascending, and `NaN` last, which no value reaches: a walk along the bounds ends there by itself. */
  readonly bounds: Float64Array;
  readonly pointsMax: number;
}

/** How many bounds a value reaches (`>=`): 0 for `NaN`, all of them for infinity. */
export function pointsOf(scale: PointScale, value: number): number {
  const { bounds } = scale;
  let points = 0;
  while (value >= (bounds[points] as number)) points += 1;
  return points;
}

export function createPointScale(table: PointTable): PointScale {
  const bounds: number[] = [];
  table.thresholds.forEach((threshold, index) => {
    const bound = boundOf(table, threshold, index);
    const gained = pointsAt(table, index) - pointsAt(table, index - 1);
    for (let repeated = 0; repeated < gained; repeated += 1) bounds.push(bound);
  });
  return { bounds: Float64Array.of(...bounds, Number.NaN), pointsMax: bounds.length };
}

/** Points once the threshold at `index` is passed. */
function pointsAt(table: PointTable, index: number): number {
  if (index < 0) return 0;
  return table.points?.[index] ?? index + 1;
}

/** The least value, in units of the input, that passes a threshold. */
function boundOf(table: PointTable, threshold: number, index: number): number {
  const { roundedTo, roundedBeforeTo, comparison, perInput = 1 } = table;
  const decimals = typeof roundedTo === 'object' ? roundedTo[index] : roundedTo;
  if (decimals === undefined) return comparison === '>' ? nextAbove(threshold) : threshold;
  const half = 0.5 * 10 ** -decimals;
  const rounded = comparison === '>' ? threshold + half : threshold - half;
  const roundedTwice = roundedBeforeTo === undefined ? rounded : rounded - 0.5 * 10 ** -roundedBeforeTo;
  return asDecimal(roundedTwice / perInput);
}

/** The decimal meant by the result of a short calculation: 90.05 / 400 is 0.225125, not a neighbour. */
function asDecimal(value: number): number {
  return Number(value.toPrecision(12));
}

/** The next larger double of a number that is not negative. */
function nextAbove(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}
