/** Histograms of parts added up: of integers alone, so any split in any order comes to the same. */
import type { ColumnCounts, RowHistograms } from '../../schemas/histograms.ts';

/**
 * Sum of histograms over the same bins; undefined of none.
 * @throws {RangeError} when they are of different bins: parts of one job never are.
 */
export function mergeHistograms(parts: readonly RowHistograms[]): RowHistograms | undefined {
  const [first, ...rest] = parts;
  return first === undefined ? undefined : rest.reduce(addHistograms, first);
}

function addHistograms(left: RowHistograms, right: RowHistograms): RowHistograms {
  const names = Object.keys(left.columns);
  const columns = names.map((name) => {
    const [one, other] = [left.columns[name], right.columns[name]];
    if (one === undefined || other === undefined)
      throw new RangeError(`histograms without ${name} can not be added`);
    return [name, addColumns(one, other)] as const;
  });
  if (names.length !== Object.keys(right.columns).length)
    throw new RangeError('histograms of other features can not be added');
  return {
    rows: left.rows + right.rows,
    accepted: left.accepted + right.accepted,
    columns: Object.fromEntries(columns),
    grades: addCounts(left.grades, right.grades),
  };
}

function addColumns(left: ColumnCounts, right: ColumnCounts): ColumnCounts {
  return {
    counts: addCounts(left.counts, right.counts),
    missing: left.missing + right.missing,
    below: left.below + right.below,
    above: left.above + right.above,
    impossible: left.impossible + right.impossible,
    sum: String(BigInt(left.sum) + BigInt(right.sum)),
  };
}

function addCounts(left: readonly number[], right: readonly number[]): number[] {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} bins can not be added to ${right.length}`);
  return left.map((count, bin) => count + (right[bin] ?? 0));
}
