/** From report data to what people look at; pure: the same data gives the same bytes. */
import type { ReportData } from '../../schemas/report-data.ts';

export interface RenderedReport {
  /** `report.html`: one file that needs no network and no script. */
  readonly html: string;
  /** SVG documents by file name, such as `feature_importance.svg`. */
  readonly figures: Readonly<Record<string, string>>;
}
