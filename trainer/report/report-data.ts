/** Reading and writing `report-data.json`; its contract is `schemas/report-data.ts`. */
import { createParser } from '../../schemas/parse.ts';
import { ReportData } from '../../schemas/report-data.ts';

/** Name of the file beside `manifest.json`. */
export const REPORT_DATA_FILE = 'report-data.json';

const parser = createParser('report data', ReportData);

/** @throws {SyntaxError} for what is not JSON, {SchemaError} for what is not report data. */
export function parseReportData(json: string): ReportData {
  return parser.parse(JSON.parse(json));
}

/**
 * As it is written. Infinite and undefined figures become `null`: JSON has no other word for them.
 * @throws {SchemaError} when the data breaks the contract: found where it is made, not when a report is remade.
 */
export function reportDataJson(data: ReportData): string {
  const json = `${JSON.stringify(data, null, 1)}\n`;
  parseReportData(json);
  return json;
}
