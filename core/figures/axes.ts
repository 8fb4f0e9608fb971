/** Axes and words that every chart shares. */
import { percent } from '../report/format-figures.ts';
import { INK, LINE, MUTED } from '../report/palette.ts';

/** No letter in a figure is smaller. */
export const FONT_PIXELS = 12;

export const TEXT_STYLE = {
  fontFamily: 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif',
  fontSize: FONT_PIXELS,
  color: INK,
} as const;

/** Labels that no halo surrounds: the halo would keep its light colour on dark paper. */
export const PLAIN_LABEL = { ...TEXT_STYLE, textBorderWidth: 0, textBorderColor: 'none' } as const;

/** Places are exact: left to itself, ECharts shrinks each panel around its own letters, and panels no longer line up. */
export const EXACT = { outerBoundsMode: 'none' } as const;

export const VALUE_AXIS = {
  type: 'value',
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: LINE, width: 1 } },
  axisLabel: { color: MUTED, fontSize: FONT_PIXELS, hideOverlap: true },
  nameLocation: 'middle',
  nameTextStyle: { color: MUTED, fontSize: FONT_PIXELS },
} as const;

export const NAME_AXIS = {
  type: 'category',
  axisLine: { lineStyle: { color: LINE } },
  axisTick: { show: false },
  axisLabel: { color: INK, fontSize: FONT_PIXELS },
  nameLocation: 'middle',
  nameTextStyle: { color: MUTED, fontSize: FONT_PIXELS },
} as const;

export const LEGEND = {
  top: 0,
  left: 0,
  // Wide: widths of words are estimated without a font, up to a tenth too small.
  itemGap: 28,
  itemWidth: 14,
  itemHeight: 10,
  textStyle: { color: INK, fontSize: FONT_PIXELS },
  selectedMode: false,
} as const;

/** A panel's own heading. */
export function panelTitle(text: string, left: number, top: number) {
  return {
    text,
    left,
    top,
    padding: 0,
    textStyle: { ...TEXT_STYLE, fontSize: 13, fontWeight: 600 },
  } as const;
}

/** An axis of shares that ends at 1 and begins below `least`, on a step; half the marks where room is short. */
export function shareAxis(least: number, narrow: boolean) {
  // From one half on, a phone has room for tenths too.
  const steps = narrow && least < 0.5 ? 5 : 10;
  return {
    ...VALUE_AXIS,
    min: Math.max(0, Math.floor(Math.min(0.9, least) * steps) / steps),
    max: 1,
    interval: 1 / steps,
    axisLabel: {
      ...VALUE_AXIS.axisLabel,
      formatter: (share: number) => (narrow ? String(Math.round(share * 100)) : percent(share, 0)),
    },
  };
}
