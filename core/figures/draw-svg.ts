/** Draws figures with ECharts, on the server, into SVG that is the same for the same data. */
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeText } from '../report/escape.ts';
import { darkRules, INK, MUTED, PAPER } from '../report/palette.ts';
import { TEXT_STYLE } from './axes.ts';
import type { Figure } from './figure.ts';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** A drawing without its `<svg>` element. */
interface Content {
  readonly height: number;
  readonly body: string;
}

/** An `<svg>` element for an HTML page; `id` keeps its ids apart from those of other drawings there. */
export function inlineSvg(figure: Figure, width: number, id: string): string {
  const { height, body } = drawContent(figure, width, id);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-labelledby="${id}-title ${id}-description">${namesOf(figure, id)}${body}</svg>`
  );
}

const MARGIN_PIXELS = 24;
const HEADING_PIXELS = 58;

/** An SVG document that stands alone: with its heading, its paper and both colour schemes. */
export function svgDocument(figure: Figure, width: number, subtitle: string): string {
  const { height, body } = drawContent(figure, width, figure.name);
  const fullWidth = width + 2 * MARGIN_PIXELS;
  const fullHeight = height + HEADING_PIXELS + 2 * MARGIN_PIXELS;
  const font = `font-family="${TEXT_STYLE.fontFamily}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" width="${fullWidth}" height="${fullHeight}" role="img" aria-labelledby="${figure.name}-title ${figure.name}-description">
${namesOf(figure, figure.name)}
<style>@media (prefers-color-scheme: dark){${darkRules('')}}</style>
<rect width="${fullWidth}" height="${fullHeight}" rx="10" fill="${PAPER}"/>
<text x="${MARGIN_PIXELS}" y="${MARGIN_PIXELS + 16}" ${font} font-size="19" font-weight="650" fill="${INK}">${escapeText(figure.title)}</text>
<text x="${MARGIN_PIXELS}" y="${MARGIN_PIXELS + 37}" ${font} font-size="13" fill="${MUTED}">${escapeText(subtitle)}</text>
<g transform="translate(${MARGIN_PIXELS} ${MARGIN_PIXELS + HEADING_PIXELS})">${body}</g>
</svg>
`;
}

function namesOf({ title, description }: Figure, id: string): string {
  return (
    `<title id="${id}-title">${escapeText(title)}</title>` +
    `<desc id="${id}-description">${escapeText(description)}</desc>`
  );
}

function drawContent(figure: Figure, width: number, id: string): Content {
  const { height, option } = figure.draw(width);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: TEXT_STYLE, ...option });
    return { height, body: cleanBody(chart.renderToSVGString(), id) };
  } finally {
    chart.dispose();
  }
}

/**
 * ECharts numbers charts and styles over the life of the process (`zr3-cls-17`), so the same chart drawn twice
 * differs. Its classes only serve hovering and go with their style sheet; ids are numbered anew. The hooks
 * of its browser script (`ecmeta_…`) go too, as does its outer element.
 */
function cleanBody(svg: string, id: string): string {
  return renumberIds(
    svg
      .replace(/^<svg[^>]*>\s*/, '')
      .replace(/\s*<\/svg>\s*$/, '')
      .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
      .replaceAll(/<style\s*>[\s\S]*?<\/style>\s*/g, '')
      .replaceAll(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, ''),
    id,
  );
}

function renumberIds(body: string, id: string): string {
  const found = [...new Set([...body.matchAll(/ id="([^"]*)"/g)].map(([, name]) => name ?? ''))];
  // Longest first: `zr0-c1` is the beginning of `zr0-c10`.
  const ordered = found
    .map((name, index) => [name, `${id}-${index}`] as const)
    .sort(([left], [right]) => right.length - left.length);
  return ordered.reduce(
    (text, [name, renamed]) =>
      text.replaceAll(`id="${name}"`, `id="${renamed}"`).replaceAll(`#${name})`, `#${renamed})`),
    body,
  );
}
