/** What `npm run train` is told: parsed and checked whole before anything is read. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ModelParameters } from '../schemas/model-parameters.ts';
import { createParser } from '../schemas/parse.ts';

/** XGBoost's names, so that they mean on the command line, in `best.json` and in the manifest what they mean there. */
export interface TrainOptions extends ModelParameters {
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly early_stopping_rounds: number;
  readonly refit_passes: number;
  readonly copies: number;
  readonly heldOut: number;
  readonly validation: number;
  readonly threads: number;
  /** Folder of a model to compare with. */
  readonly previous?: string;
  /** ISO 8601, UTC; without it the time of the newest data file, so that two runs give the same bytes. */
  readonly createdAt?: string;
}

interface NumberOption {
  readonly name: keyof ModelParameters | 'early_stopping_rounds' | 'refit_passes';
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  readonly isInteger: boolean;
  readonly standard: number;
}

/** Standard values: of those tried on the project's rows, the best that meets the speed budget. */
const PARAMETERS: readonly NumberOption[] = [
  {
    name: 'num_boost_round',
    meaning: 'rounds; each is one tree for all grades',
    min: 1,
    max: 5000,
    isInteger: true,
    standard: 256,
  },
  { name: 'max_depth', meaning: 'depth of a tree', min: 1, max: 16, isInteger: true, standard: 8 },
  {
    name: 'max_leaves',
    meaning: 'leaves of a tree; 0 for any number',
    min: 0,
    max: 4096,
    isInteger: true,
    standard: 112,
  },
  { name: 'eta', meaning: 'step of a round', min: 0.001, max: 1, isInteger: false, standard: 0.4 },
  {
    name: 'subsample',
    meaning: 'share of the rows that a tree is grown on',
    min: 0.01,
    max: 1,
    isInteger: false,
    standard: 0.8,
  },
  {
    name: 'colsample_bytree',
    meaning: 'share of the features that a tree may use',
    min: 0.01,
    max: 1,
    isInteger: false,
    standard: 0.9,
  },
  {
    name: 'min_child_weight',
    meaning: 'least second derivative in a leaf',
    min: 0,
    max: 1000,
    isInteger: false,
    standard: 3,
  },
  {
    name: 'reg_lambda',
    meaning: 'pull of leaves to 0',
    min: 0.001,
    max: 1000,
    isInteger: false,
    standard: 5,
  },
  { name: 'gamma', meaning: 'least gain of a split', min: 0, max: 1000, isInteger: false, standard: 0 },
  {
    name: 'early_stopping_rounds',
    meaning: 'rounds without a better validation loss that end training; 0 for never',
    min: 0,
    max: 5000,
    isInteger: true,
    standard: 30,
  },
  {
    name: 'refit_passes',
    meaning: 'passes over all leaves after the last round, at most',
    min: 0,
    max: 20,
    isInteger: true,
    standard: 2,
  },
];

function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
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

const parametersParser = createParser('the parameters', ModelParameters);

function parametersOf(path: string): ModelParameters {
  try {
    return parametersParser.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new InvalidArgumentError(
      `must be a file that \`npm run tune\` wrote: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * The command line. A wrong argument is named on standard error and ends the process with code 2.
 * `SOURCE_DATE_EPOCH` (seconds; reproducible-builds.org) stands for `--created-at` where that is not given. A
 * parameter given by itself goes before that of `--parameters`.
 */
export function parseTrainOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): TrainOptions {
  const share = numberWithin(0.01, 0.45, false);
  const command = new Command('npm run train --')
    .description('Trains a model and writes it with its manifest, reference, card and report.')
    .requiredOption('--data <dir>', 'folder with Open Food Facts files, or one that `npm run ingest` wrote')
    .requiredOption('--out <dir>', 'folder to write the model to; made if it is not there')
    .option('--seed <n>', 'seed of the split and of all draws', numberWithin(0, 2 ** 31 - 1, true), 1)
    .option('--parameters <file>', 'parameters that `npm run tune` found', parametersOf)
    .option('--copies <n>', 'products made of each training row', numberWithin(0, 1000, true), 150)
    .option('--held-out <x>', 'share of the products that judge the model', share, 0.15)
    .option('--validation <x>', 'share of the products that choose rounds and temperature', share, 0.05)
    .option('--previous <dir>', 'model to compare with')
    .option('--threads <n>', 'threads of XGBoost; 0 for all cores', numberWithin(0, 256, true), 0)
    .option('--created-at <time>', 'time to write into the manifest', instant);
  for (const { name, meaning, min, max, isInteger, standard } of PARAMETERS) {
    const parse = numberWithin(min, max, isInteger);
    command.option(`${flagOf(name)} <n>`, `${meaning} (default: ${standard})`, parse);
  }
  command
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse([...argv], { from: 'user' });
  return resolve(command.opts<RawOptions>(), environment);
}

type RawOptions = Omit<TrainOptions, NumberOption['name']> & {
  readonly parameters?: ModelParameters;
};

function resolve(raw: RawOptions, environment: Readonly<Record<string, string | undefined>>): TrainOptions {
  const { parameters: found, ...options } = raw;
  const given: Readonly<Record<string, unknown>> = options;
  const tuned: Readonly<Record<string, number>> = { ...found };
  const values = PARAMETERS.map(({ name, standard }) => [
    name,
    given[camelCase(name)] ?? tuned[name] ?? standard,
  ]);
  const others = Object.entries(options).filter(
    ([key]) => !PARAMETERS.some(({ name }) => camelCase(name) === key),
  );
  // Every key of the table has a number now; the other options passed commander's own checks.
  const resolved = Object.fromEntries([...others, ...values]) as unknown as TrainOptions;
  const epoch = environment['SOURCE_DATE_EPOCH'];
  if (resolved.createdAt !== undefined || epoch === undefined || !/^\d+$/.test(epoch)) return resolved;
  return { ...resolved, createdAt: isoSeconds(Number(epoch) * 1000) };
}

/** The command that trains the same model again, with every parameter spelled out. */
export function commandOf(options: TrainOptions & { readonly createdAt: string }): string {
  const parameters = PARAMETERS.map(({ name }) => `${flagOf(name)} ${options[name]}`);
  return [
    'npm run train -- --data <folder with the files> --out <folder>',
    `--seed ${options.seed}`,
    ...parameters,
    `--copies ${options.copies} --held-out ${options.heldOut} --validation ${options.validation}`,
    `--created-at ${options.createdAt}`,
  ].join(' ');
}
