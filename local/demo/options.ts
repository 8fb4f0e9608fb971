/** What `npm run demo -- …` was asked for. */
import { join } from 'node:path';
import { LOCAL_STACK_DIRECTORY } from '../../schemas/local-stack.ts';
import { readArguments } from '../read-arguments.ts';
import { SEED_MAX } from './catalogue-sql.ts';

export interface DemoOptions {
  readonly isHelp: boolean;
  /** Products of the made catalogue. */
  readonly rows: number;
  readonly seed: number;
  readonly workers: number;
  readonly isJson: boolean;
  /** Adds to what an earlier demo left, instead of beginning anew. */
  readonly isKept: boolean;
  readonly directory: string;
  readonly modelFolder: string;
}

const DIRECTORY = join(LOCAL_STACK_DIRECTORY, 'demo');

export const USAGE = `Usage: npm run demo -- [options]

Starts the embedded stack, drops two files in its inbox (the 542 foods of the Indian Food Composition
Tables, and a made catalogue), lets workers grade them and shows what came out.

  --rows N      products of the made catalogue (default 100000)
  --seed S      another seed, another catalogue (default 1)
  --workers N   worker processes (default 2)
  --json        ends with one line of JSON
  --keep        keeps the state of the last demo and adds to it
  --dir D       where all state lies (default ${DIRECTORY})
  --model D     folder of the model (default fixtures/model)
  --help        this text
`;

const FLAGS = {
  rows: { type: 'string' },
  seed: { type: 'string' },
  workers: { type: 'string' },
  json: { type: 'boolean' },
  keep: { type: 'boolean' },
  dir: { type: 'string' },
  model: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws {StackError} one message with every fault. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  return readArguments('npm run demo', args, FLAGS, (values, number) => ({
    isHelp: values.help ?? false,
    // More would not be a demo; `made-catalogue.ts` writes larger files.
    rows: number('--rows', values.rows ?? '100000', [1, 100_000_000]),
    seed: number('--seed', values.seed ?? '1', [0, SEED_MAX]),
    workers: number('--workers', values.workers ?? '2', [1, 64]),
    isJson: values.json ?? false,
    isKept: values.keep ?? false,
    directory: values.dir ?? DIRECTORY,
    modelFolder: values.model ?? 'fixtures/model',
  }));
}
