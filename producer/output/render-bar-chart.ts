/** Horizontal bars in text. */
import { formatCount, formatShare, pad } from './render-format.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
const FULL = '█';
/** Bars of the widest value; with label, count and share a line stays under 80 columns. */
export const BAR_COLUMNS = 40;

export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** A bar of `share` (0 to 1) of `columns`, to an eighth of a column; what is not zero is never invisible. */
export function renderBar(share: number, columns: number): string {
  const eighths = Math.round(share * columns * 8);
  const shown = share > 0 ? Math.max(1, eighths) : 0;
  return FULL.repeat(Math.floor(shown / 8)) + (EIGHTHS[shown % 8] ?? '');
}

/**
 * One line a bar: label, bar (the longest fills `BAR_COLUMNS`), count, share of `total`.
 * `paint` colours a bar by its label; without it the chart is plain text.
 */
export function renderBarChart(
  bars: readonly Bar[],
  total: number,
  paint: (label: string, bar: string) => string = (_label, bar) => bar,
): string {
  const most = Math.max(0, ...bars.map(({ value }) => value));
  const labels = Math.max(0, ...bars.map(({ label }) => [...label].length));
  const counts = Math.max(0, ...bars.map(({ value }) => formatCount(value).length));
  return bars
    .map(({ label, value }) => {
      const bar = renderBar(most === 0 ? 0 : value / most, BAR_COLUMNS);
      const painted = paint(label, bar) + ' '.repeat(BAR_COLUMNS - [...bar].length);
      const share = total === 0 ? '' : pad(formatShare(value / total), 8, 'right');
      return `${pad(label, labels, 'left')}  ${painted}  ${pad(formatCount(value), counts, 'right')} ${share}`.trimEnd();
    })
    .join('\n');
}
