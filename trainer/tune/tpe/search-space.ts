/**
 * What may be tried, as data. The estimator sees every dimension as a position: a number in [0, 1], or the index
 * of a choice. Logarithms and rounding are settled here, so that densities need not know of them.
 */
import type { Random } from '../../random.ts';

export type Dimension =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'log-uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'integer'; readonly low: number; readonly high: number; readonly isLog: boolean }
  | { readonly kind: 'categorical'; readonly choices: readonly string[] };

export type SearchSpace = Readonly<Record<string, Dimension>>;
/** A value for each name of the space; text for a categorical one. */
export type ParameterValues = Readonly<Record<string, number | string>>;

/** Ends of the axis that positions divide evenly. An integer owns half a step on each side of it. */
function axisOf(dimension: Exclude<Dimension, { kind: 'categorical' }>): { low: number; high: number } {
  const { kind, low, high } = dimension;
  const margin = kind === 'integer' ? 0.5 : 0;
  const ends = { low: low - margin, high: high + margin };
  return isLogarithmic(dimension) ? { low: Math.log(ends.low), high: Math.log(ends.high) } : ends;
}

function isLogarithmic(dimension: Dimension): boolean {
  return dimension.kind === 'log-uniform' || (dimension.kind === 'integer' && dimension.isLog);
}

/** @throws {RangeError} when the value is none of a categorical dimension's choices. */
export function toPosition(dimension: Dimension, value: number | string): number {
  if (dimension.kind === 'categorical') {
    const index = dimension.choices.indexOf(String(value));
    if (index === -1) throw new RangeError(`${value} is none of ${dimension.choices.join(', ')}`);
    return index;
  }
  const { low, high } = axisOf(dimension);
  const on = isLogarithmic(dimension) ? Math.log(Number(value)) : Number(value);
  return (on - low) / (high - low);
}

export function fromPosition(dimension: Dimension, position: number): number | string {
  if (dimension.kind === 'categorical') return dimension.choices[position] ?? '';
  const axis = axisOf(dimension);
  const on = axis.low + position * (axis.high - axis.low);
  const value = isLogarithmic(dimension) ? Math.exp(on) : on;
  const nearest = dimension.kind === 'integer' ? Math.round(value) : value;
  return Math.min(dimension.high, Math.max(dimension.low, nearest));
}

/** Number of choices of a categorical dimension, 0 for a number. */
export function choiceCount(dimension: Dimension): number {
  return dimension.kind === 'categorical' ? dimension.choices.length : 0;
}

export function toPoint(space: SearchSpace, values: ParameterValues): Float64Array {
  const entries = Object.entries(space);
  return Float64Array.from(entries, ([name, dimension]) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`a trial has no value for ${name}`);
    return toPosition(dimension, value);
  });
}

export function fromPoint(space: SearchSpace, point: Float64Array): ParameterValues {
  const entries = Object.entries(space);
  return Object.fromEntries(
    entries.map(([name, dimension], at) => [name, fromPosition(dimension, point[at] ?? 0)]),
  );
}

/** Uniform over positions: what random search draws. */
export function drawUniform(space: SearchSpace, random: Random): ParameterValues {
  const draw = (dimension: Dimension): number =>
    dimension.kind === 'categorical' ? random.integer(dimension.choices.length) : random.next();
  return fromPoint(space, Float64Array.from(Object.values(space), draw));
}
