/** Drift in plain words. */
import type { FeatureDrift, GradeDrift, Movement } from '../../schemas/drift-report.ts';
import { GRADES } from '../../schemas/grade.ts';
import { ROWS_MIN } from '../statistics/enough-rows.ts';

type Told = Omit<FeatureDrift, 'sentence'>;

/** What was found, in the order in which it is told: the more telling before the more general. */
const TOLD_ORDER: readonly Movement['measure'][] = [
  'impossibleShare',
  'outOfRangeShare',
  'meanShift',
  'missingShare',
  'populationStabilityIndex',
];

/**
 * Such as `average sugars 1.8 g higher than in training (13.6 g against 11.8 g)`.
 * @param gap what is missing where its value is
 */
export function featureSentence(drift: Told, gap: string, against: string): string {
  if (drift.verdict === 'too little data') return tooLittle(against);
  const told = TOLD_ORDER.flatMap((measure) =>
    drift.movements.filter((movement) => movement.measure === measure),
  );
  if (told.length === 0) return `as in ${against}`;
  // Where the mean tells it, the spread would say it again.
  const hasMean = told.some(({ measure }) => measure === 'meanShift');
  const clauses = told
    .filter(({ measure }) => !(hasMean && measure === 'populationStabilityIndex'))
    .map((movement) => clauseOf(movement, drift, gap, against));
  return clauses.join('; ');
}

function clauseOf({ measure, change }: Movement, drift: Told, gap: string, against: string): string {
  const { label } = drift;
  switch (measure) {
    case 'impossibleShare':
      return `${label} impossible in ${shares(drift.impossibleShare, against)}`;
    case 'outOfRangeShare':
      return `${label} beyond the values of training in ${shares(drift.outOfRangeShare, against)}`;
    case 'missingShare':
      return `${gap} missing in ${shares(drift.missingShare, against)}`;
    case 'meanShift':
      return meanClause(drift, change, against);
    case 'populationStabilityIndex':
      return spreadClause(drift, change, against);
    default:
      return measure satisfies never;
  }
}

function meanClause({ label, unit, mean }: Told, change: number, against: string): string {
  const now = mean.current ?? Number.NaN;
  const before = mean.reference ?? Number.NaN;
  const word = change > 0 ? 'higher' : 'lower';
  const difference = unit === '%' ? `${figure(Math.abs(now - before))} points` : amount(now - before, unit);
  return `average ${label} ${difference} ${word} than in ${against} (${amount(now, unit, true)} against ${amount(before, unit, true)})`;
}

function spreadClause(drift: Told, index: number, against: string): string {
  const { label, unit, reference, current } = drift;
  if (unit === 'index') return `${label} mixed otherwise than in ${against} (index ${index.toFixed(2)})`;
  const before = reference.counts.map(shareOfAll);
  const now = current.counts.map(shareOfAll);
  if (unit === 'flag') {
    const last = now.length - 1;
    return `${label} ${percent(now[last] ?? 0)} of the rows whose category is known, ${percent(before[last] ?? 0)} in ${against}`;
  }
  const gains = now.map((share, bin) => share - (before[bin] ?? 0));
  const most = gains.indexOf(Math.max(...gains));
  return (
    `${label} spread otherwise than in ${against}: ${percent(now[most] ?? 0)} of the values ` +
    `${binRange(reference.edges, most, unit)}, ${percent(before[most] ?? 0)} there`
  );
}

/** A bin of a feature as words. */
export function binName({ unit, reference }: Pick<FeatureDrift, 'unit' | 'reference'>, bin: number): string {
  if (unit === 'flag') return bin === 0 ? 'no' : 'yes';
  if (unit === 'index') return groupRange(reference.edges, bin);
  return binRange(reference.edges, bin, unit);
}

/** A bin as words: `below 0.1 g`, `from 0.1 to 2 g`, `from 32 g on`. */
export function binRange(edges: readonly number[], bin: number, unit: string): string {
  const low = edges[bin - 1];
  const high = edges[bin];
  if (low === undefined) return high === undefined ? 'of any size' : `below ${amount(high, unit, true)}`;
  if (high === undefined) return `from ${amount(low, unit, true)} on`;
  return `from ${figure(low)} to ${amount(high, unit, true)}`;
}

/** Of an index, whose bins hold whole numbers: `groups 7 to 10`. */
function groupRange(edges: readonly number[], bin: number): string {
  const [low, high] = [edges[bin - 1], edges[bin]];
  if (low === undefined) return high === undefined ? 'any group' : `groups up to ${high - 1}`;
  if (high === undefined) return `groups from ${low} on`;
  return high - low === 1 ? `group ${low}` : `groups ${low} to ${high - 1}`;
}

export function gradeSentence(drift: Omit<GradeDrift, 'sentence'>, against: string): string {
  if (drift.verdict === 'too little data') return tooLittle(against);
  if (drift.verdict === 'stable') return `the model’s grades are spread as in ${against}`;
  const before = drift.reference.map(shareOfAll);
  const now = drift.current.map(shareOfAll);
  const gains = now.map((share, grade) => share - (before[grade] ?? 0));
  const words = [Math.max(...gains), Math.min(...gains)].map((gain) => {
    const grade = gains.indexOf(gain);
    return `${gain > 0 ? 'more' : 'fewer'} ${(GRADES[grade] ?? '').toUpperCase()} (${percent(now[grade] ?? 0)}, ${percent(before[grade] ?? 0)} in ${against})`;
  });
  return `the model gives ${words.join(' and ')}`;
}

function tooLittle(against: string): string {
  return `too few rows to tell: ${ROWS_MIN} are needed, here and in ${against}`;
}

function shares(change: FeatureDrift['missingShare'], against: string): string {
  return `${percent(change?.current ?? 0)} of rows, ${percent(change?.reference ?? 0)} in ${against}`;
}

function shareOfAll(count: number, _: number, counts: readonly number[]): number {
  return count / counts.reduce((sum, one) => sum + one, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Without its sign, unless it is a value by itself. */
function amount(value: number, unit: string, isSigned = false): string {
  return `${figure(isSigned ? value : Math.abs(value))} ${unit}`;
}

/** A bin’s end in few digits. */
export function endText(value: number): string {
  return figure(value);
}

/** As many digits as a label has: `1,234`, `35`, `3.5`, `0.12`. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return size >= 1 ? value.toFixed(1) : String(Number(value.toPrecision(2)));
}
