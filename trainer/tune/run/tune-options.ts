/** What `npm run tune` is told: parsed and checked whole before anything is read. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { StudyHeader } from '../../../schemas/tuning-study.ts';

export interface TuneOptions {
  readonly data: string;
  readonly study: string;
  readonly trials: number;
  /** Seconds; absent for no limit. */
  readonly timeout?: number;
  readonly seed: number;
  readonly parallel: number;
  readonly rowsPerSecond: number;
  readonly copies: number;
  readonly heldOut: number;
  readonly sampler: StudyHeader['sampler'];
}

function within(low: number, high: number, kind: 'a number' | 'an integer') {
  return (text: string): number => {
    const value = Number(text);
    const isNumber = text.trim() !== '' && value >= low && value <= high;
    if (isNumber && (kind === 'a number' || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`must be ${kind} from ${low} to ${high}`);
  };
}

/** The command line. A wrong argument is named on standard error and ends the process with code 2. */
export function parseTuneOptions(argv: readonly string[]): TuneOptions {
  return new Command('npm run tune --')
    .description(
      'Looks for the parameters of the most accurate model that is fast enough. Stopped (Ctrl-C) or out of time, ' +
        'it goes on where it was when it is started again with the same study.',
    )
    .requiredOption('--data <dir>', 'folder with the Open Food Facts files')
    .requiredOption('--study <file>', 'the study, JSON lines; best.json is written beside it')
    .option('--trials <n>', 'trials of the study in all', within(1, 10_000, 'an integer'), 50)
    .option('--timeout <seconds>', 'time after which it stops', within(1, 10_000_000, 'a number'))
    .option('--seed <n>', 'seed of the split and of all draws', within(0, 2 ** 31 - 2, 'an integer'), 1)
    .option(
      '--parallel <n>',
      'trials at once, a thread each',
      within(1, 256, 'an integer'),
      availableParallelism(),
    )
    .option(
      '--rows-per-second <n>',
      'speed that the model must reach: rows/s of one thread of ONNX Runtime on a machine that runs 500 trees of depth 6 at 44,000',
      within(1, 100_000_000, 'a number'),
      60_000,
    )
    .option('--copies <n>', 'products made of each training row', within(0, 100, 'an integer'), 4)
    .option(
      '--held-out <x>',
      'share of the products that `npm run train` evaluates on; left out here',
      within(0.01, 0.9, 'a number'),
      0.15,
    )
    .addOption(
      new Option('--sampler <name>', 'random is for comparison').choices(['tpe', 'random']).default('tpe'),
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse([...argv], { from: 'user' })
    .opts<TuneOptions>();
}
