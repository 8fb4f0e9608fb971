/** What `npm run simulate -- …` was asked for. */
import { MEASURED_RATES } from '../../core/scaling/measured-rates.ts';
import { readArguments } from '../read-arguments.ts';

export interface SimulateOptions {
  readonly isHelp: boolean;
  readonly isJson: boolean;
  /** Requests a second that keep a task of the examined service at 100 %. */
  readonly requestsPerTask: number;
  /** The same of our own endpoint. */
  readonly ownRequestsPerTask: number;
  /** Of the burst. */
  readonly rows: number;
  /** Of one worker thread. */
  readonly rowsPerSecond: number;
  readonly rowsPerSecondWithTable: number;
  /** Where the figure goes; undefined: nowhere. */
  readonly figure: string | undefined;
}

/** Of the class of 125 to 250 that a Python service with the same model has. */
const REQUESTS_PER_TASK = 130;
const FIGURE = 'docs/figures/autoscaling.svg';
const ROWS = 10_000_000;

export const USAGE = `Usage: npm run simulate -- [options]

Runs the scaling policy (core/scaling/policy.ts) on paper, second by second: a schedule of six phases of requests, on
AWS's clock and on the fast one of local mode, and a burst of rows on the queue. Prints tables, draws a figure.

  --capacity N      requests/s that keep a task at 100 % (default ${REQUESTS_PER_TASK})
  --own N           the same of our own endpoint (default ${MEASURED_RATES.requests.perSecond}, careful)
  --rows N          rows of the burst (default ${ROWS})
  --rate N          rows/s of a worker thread, Parquet alone (default ${MEASURED_RATES.rows.perSecond}, careful)
  --table-rate N    the same with the table (default ${MEASURED_RATES.rowsWithTable.perSecond}, careful)
  --figure F        where the figure goes (default ${FIGURE}; none: nowhere)
  --json            one JSON document instead of the tables
  --help            this text
`;

const FLAGS = {
  capacity: { type: 'string' },
  own: { type: 'string' },
  rows: { type: 'string' },
  rate: { type: 'string' },
  'table-rate': { type: 'string' },
  figure: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @throws {StackError} one message with every fault. */
export function readSimulateOptions(args: readonly string[]): SimulateOptions {
  return readArguments('npm run simulate', args, FLAGS, (values, number) => ({
    isHelp: values.help ?? false,
    isJson: values.json ?? false,
    requestsPerTask: number('--capacity', values.capacity ?? `${REQUESTS_PER_TASK}`, [1, 1_000_000]),
    ownRequestsPerTask: number('--own', values.own ?? `${MEASURED_RATES.requests.perSecond}`, [1, 1_000_000]),
    rows: number('--rows', values.rows ?? `${ROWS}`, [1, 10_000_000_000]),
    rowsPerSecond: number('--rate', values.rate ?? `${MEASURED_RATES.rows.perSecond}`, [1, 100_000_000]),
    rowsPerSecondWithTable: number(
      '--table-rate',
      values['table-rate'] ?? `${MEASURED_RATES.rowsWithTable.perSecond}`,
      [1, 100_000_000],
    ),
    figure: values.figure === 'none' ? undefined : (values.figure ?? FIGURE),
  }));
}
