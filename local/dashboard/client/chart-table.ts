/** What is drawn over time, and how. */
import type { HistoryPoint } from '../page-view.ts';
import { compact, shortTime } from './figure-text.ts';

type Column = Exclude<keyof HistoryPoint, 'at'>;

export interface Line {
  readonly column: Column;
  /** A variable of the palette. */
  readonly colour: 'accent' | 'orange' | 'teal' | 'purple' | 'muted';
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
  /** A number of workers does not slope. */
  readonly isStepped?: boolean;
}

export interface Chart {
  readonly lines: readonly Line[];
  readonly figure: (value: number) => string;
  /** The axis reaches so far at least: a lone message is no mountain. */
  readonly least: number;
}

/** By the ids of the elements that they are drawn in. */
export const CHARTS: Readonly<Record<string, Chart>> = {
  'chart-rows': { lines: [{ column: 'rows', colour: 'accent', isFilled: true }], figure: compact, least: 10 },
  'chart-backlog': {
    lines: [
      { column: 'waiting', colour: 'orange', isFilled: true },
      { column: 'inFlight', colour: 'teal' },
    ],
    figure: compact,
    least: 5,
  },
  'chart-shards': {
    lines: [{ column: 'shards', colour: 'accent', isFilled: true }],
    figure: compact,
    least: 1,
  },
  'chart-workers': {
    lines: [
      { column: 'workers', colour: 'teal', isFilled: true, isStepped: true },
      { column: 'desired', colour: 'muted', isDashed: true, isStepped: true },
    ],
    figure: compact,
    least: 2,
  },
  'chart-requests': {
    lines: [{ column: 'requests', colour: 'accent', isFilled: true }],
    figure: compact,
    least: 5,
  },
  'chart-request-time': {
    lines: [
      { column: 'requestP99', colour: 'orange' },
      { column: 'requestP50', colour: 'teal' },
    ],
    figure: shortTime,
    least: 0.01,
  },
};
