/** What `npm run train` is told: parsed and checked whole before anything is read. */
import { Command, InvalidArgumentError } from 'commander';

export interface TrainOptions {
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly numBoostRound: number;
  readonly maxDepth: number;
  readonly maxLeaves: number;
  readonly learningRate: number;
  readonly copies: number;
  readonly heldOut: number;
  readonly threads: number;
  /** ISO 8601, UTC; without it the time of the newest data file, so that two runs give the same bytes. */
  readonly createdAt?: string;
}

function numberWithin(min: number, max: number, isInteger: boolean) {
  return (text: string): number => {
    const value = Number(text);
    const isValid =
      text.trim() !== '' && value >= min && value <= max && (!isInteger || Number.isInteger(value));
    if (!isValid)
      throw new InvalidArgumentError(
        `must be ${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}`,
      );
    return value;
  };
}

function instant(text: string): string {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds))
    throw new InvalidArgumentError('must be a date and time, such as 2026-11-23T12:00:00Z');
  return isoSeconds(milliseconds);
}

export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * The command line. A wrong argument is named on standard error and ends the process with code 2.
 * `SOURCE_DATE_EPOCH` (seconds; reproducible-builds.org) stands for `--created-at` where that is not given.
 */
export function parseTrainOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): TrainOptions {
  const command = new Command('npm run train --')
    .description(
      'Trains a model on Open Food Facts files and writes it with its manifest, reference and card.',
    )
    .requiredOption('--data <dir>', 'folder with the Open Food Facts files')
    .requiredOption('--out <dir>', 'folder to write the model to; made if it is not there')
    .option('--seed <n>', 'seed of the split and of all draws', numberWithin(0, 2 ** 31 - 1, true), 1)
    .option('--num-boost-round <n>', 'rounds; each is five trees', numberWithin(1, 2000, true), 100)
    .option('--max-depth <n>', 'depth of a tree', numberWithin(1, 12, true), 8)
    .option('--max-leaves <n>', 'leaves of a tree; 0 for any number', numberWithin(0, 4096, true), 127)
    .option('--learning-rate <x>', 'step of a round', numberWithin(0.001, 1, false), 0.35)
    .option('--copies <n>', 'products made of each training row', numberWithin(0, 100, true), 24)
    .option(
      '--held-out <x>',
      'share of the products that is kept for evaluation',
      numberWithin(0.01, 0.9, false),
      0.2,
    )
    .option('--threads <n>', 'threads of XGBoost; 0 for all cores', numberWithin(0, 256, true), 0)
    .option('--created-at <time>', 'time to write into the manifest', instant)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse([...argv], { from: 'user' });
  const options = command.opts<TrainOptions>();
  const epoch = environment['SOURCE_DATE_EPOCH'];
  if (options.createdAt !== undefined || epoch === undefined || !/^\d+$/.test(epoch)) return options;
  return { ...options, createdAt: isoSeconds(Number(epoch) * 1000) };
}
