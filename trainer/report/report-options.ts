/** What `npm run report` is told. */
import { Command } from 'commander';

export interface ReportOptions {
  /** Folder of a model with its `report-data.json`; `report.html` is written there. */
  readonly model: string;
  /** Folder for the figures as SVG files; without it none are written. */
  readonly figures?: string;
  /** Names of the figures to write, such as `feature_importance`; without it all. */
  readonly only?: readonly string[];
}

/** A wrong argument is named on standard error and ends the process with code 2. */
export function parseReportOptions(argv: readonly string[]): ReportOptions {
  return new Command('npm run report --')
    .description('Remakes report.html and the figures of a model from its stored report-data.json.')
    .option('--model <dir>', 'folder of the model', 'fixtures/model')
    .option('--figures <dir>', 'folder to write the figures to as SVG; made if it is not there')
    .option('--only <name...>', 'figures to write, such as feature_importance; all without it')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' })
    .opts<ReportOptions>();
}
