/** Histograms of parts added up: of integers alone, so any split in any order comes to the same. */
import type { ColumnCounts, RowHistograms } from '../../schemas/histograms.ts';

export interface HistogramSum {
  /** @throws {RangeError} when it is over other bins than those before: the parts of one job never are. */
  add(part: RowHistograms): void;
  /** Undefined before anything was added. */
  total(): RowHistograms | undefined;
}

interface ColumnSum {
  readonly counts: number[];
  missing: number;
  below: number;
  above: number;
  impossible: number;
  sum: bigint;
}

/** Adds in place: a job of 15,000 shards is added up while others wait for the event loop. */
export function createHistogramSum(): HistogramSum {
  const columns = new Map<string, ColumnSum>();
  const grades: number[] = [];
  let parts = 0;
  let rows = 0;
  let accepted = 0;

  function addColumn(name: string, part: ColumnCounts): void {
    const column = columns.get(name);
    if (column === undefined) {
      if (parts > 0) throw new RangeError(`histograms without ${name} can not be added to ones with it`);
      columns.set(name, { ...part, counts: [...part.counts], sum: BigInt(part.sum) });
      return;
    }
    addCounts(column.counts, part.counts);
    column.missing += part.missing;
    column.below += part.below;
    column.above += part.above;
    column.impossible += part.impossible;
    column.sum += BigInt(part.sum);
  }

  return {
    add(part) {
      const names = Object.keys(part.columns);
      if (parts > 0 && names.length !== columns.size)
        throw new RangeError(`histograms of ${names.length} features can not be added to ${columns.size}`);
      for (const name of names) addColumn(name, part.columns[name] as ColumnCounts);
      if (parts === 0) grades.push(...part.grades);
      else addCounts(grades, part.grades);
      rows += part.rows;
      accepted += part.accepted;
      parts += 1;
    },
    total() {
      if (parts === 0) return undefined;
      const totals = [...columns].map(
        ([name, column]) =>
          [name, { ...column, counts: [...column.counts], sum: String(column.sum) }] satisfies [
            string,
            ColumnCounts,
          ],
      );
      return { rows, accepted, columns: Object.fromEntries(totals), grades: [...grades] };
    },
  };
}

/** Sum of histograms over the same bins; undefined of none. @throws {RangeError} */
export function mergeHistograms(parts: readonly RowHistograms[]): RowHistograms | undefined {
  const sum = createHistogramSum();
  for (const part of parts) sum.add(part);
  return sum.total();
}

function addCounts(sum: number[], part: readonly number[]): void {
  if (sum.length !== part.length)
    throw new RangeError(`${part.length} bins can not be added to ${sum.length}`);
  for (let bin = 0; bin < part.length; bin += 1) sum[bin] = (sum[bin] as number) + (part[bin] as number);
}
