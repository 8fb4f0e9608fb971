/** From report data to what people look at; pure: the same data gives the same bytes. */

import { svgDocument } from '../../core/figures/draw-svg.ts';
import type { Figure } from '../../core/figures/figure.ts';
import type { ReportData } from '../../schemas/report-data.ts';
import { reportPage } from './page.ts';
import { reportFigures } from './report-figures.ts';

export interface RenderedReport {
  /** `report.html`: one file that needs no network and no script. */
  readonly html: string;
  /** SVG documents by file name, such as `feature_importance.svg`; each stands alone. */
  readonly figures: Readonly<Record<string, string>>;
}

/** Width of a figure in a README, in CSS pixels. */
const DOCUMENT_PIXELS = 800;

export function renderReport(data: ReportData): RenderedReport {
  const all: readonly (Figure | undefined)[] = Object.values(reportFigures(data));
  const figures = all
    .filter((figure) => figure !== undefined)
    .map(
      (figure) =>
        [
          `${figure.name}.svg`,
          svgDocument(figure, DOCUMENT_PIXELS, `Model ${data.version}: ${figure.basis}`),
        ] as const,
    );
  return { html: reportPage(data), figures: Object.fromEntries(figures) };
}
