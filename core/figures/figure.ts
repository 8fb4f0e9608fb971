/** What a figure is, before it is drawn. */
import type {
  BarSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts';
import type {
  GridComponentOption,
  LegendComponentOption,
  TitleComponentOption,
  VisualMapComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TitleComponentOption
  | VisualMapComponentOption
>;

/** A chart laid out for one width, in CSS pixels. */
export interface Drawing {
  readonly height: number;
  readonly option: ChartOption;
}

export interface Figure {
  /** Name of its file without `.svg`. */
  readonly name: string;
  readonly title: string;
  /** What it was drawn from, in a few words. */
  readonly basis: string;
  /** One or two sentences that say what the drawing shows to who cannot see it. */
  readonly description: string;
  /** Lays it out anew for a width: shrinking one drawing would shrink its letters. */
  draw(width: number): Drawing;
}

/** A screen that a phone has; figures put panels below one another there. */
export function isNarrow(width: number): boolean {
  return width < 560;
}
