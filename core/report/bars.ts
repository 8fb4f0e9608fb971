/**
 * Bars as SVG that holds no letters: it is stretched to whatever width there is, and words would be stretched with it.
 * They stand in the page beside it. A few rectangles need no charting library, and a worker's event loop no 400 ms of one.
 */
import type { SharePair } from '../drift/share-pairs.ts';
import { escapeText } from './escape.ts';
import { ACCENT, LINE, MUTED } from './palette.ts';

const HEIGHT = 100;
/** Of each pair's room: a bar, a bar, and the gap to the next pair. */
const PAIR_WIDTH = 20;
const BAR_WIDTH = 8;
/** A bar of the rarest thing can still be seen. */
const BAR_HEIGHT_MIN = 0.6;

/** Pairs of bars beside one another; the tallest fills the height. */
export function pairedBars(pairs: readonly SharePair[], description: string): string {
  const most = Math.max(...pairs.flatMap(({ reference, current }) => [reference, current]), Number.MIN_VALUE);
  const bars = pairs.flatMap(({ reference, current }, index) => [
    barOf(index * PAIR_WIDTH + 1, reference / most, MUTED),
    barOf(index * PAIR_WIDTH + 1 + BAR_WIDTH, current / most, ACCENT),
  ]);
  const width = pairs.length * PAIR_WIDTH;
  return (
    `<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeText(description)}">` +
    `${bars.join('')}<rect x="0" y="${HEIGHT - 0.5}" width="${width}" height="0.5" fill="${LINE}"/></svg>`
  );
}

function barOf(x: number, share: number, colour: string): string {
  if (share === 0) return '';
  const height = Math.max(BAR_HEIGHT_MIN, share * HEIGHT);
  return `<rect x="${x}" y="${rounded(HEIGHT - height)}" width="${BAR_WIDTH}" height="${rounded(height)}" fill="${colour}"/>`;
}

/** One bar along the line, from 0 to 1. */
export function lengthBar(share: number, colour: string): string {
  const width = share === 0 ? 0 : Math.max(0.4, share * 100);
  return (
    `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">` +
    `<rect x="0" y="0" width="${rounded(width)}" height="10" fill="${colour}"/></svg>`
  );
}

/** Two digits: enough for any screen, and the same bytes everywhere. */
function rounded(value: number): string {
  return String(Number(value.toFixed(2)));
}
