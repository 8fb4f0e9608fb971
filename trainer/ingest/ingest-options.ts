/** What `npm run ingest` is told: parsed and checked whole before anything is read. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { IngestOptions } from './ingest.ts';

const UNITS: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};
/** Below this DuckDB has no room for one group of rows per thread. */
const MEMORY_MIN_BYTES = 512e6;

/** A wrong argument is named on standard error and ends the process with code 2. */
export function parseIngestOptions(argv: readonly string[]): IngestOptions {
  const { memory, ...options } = new Command('npm run ingest --')
    .description('Cleans an Open Food Facts export into a dataset to train on, with a data card.')
    .requiredOption('--source <where>', 'a file, a pattern in quotes, s3://bucket/key or https://…')
    .requiredOption('--out <dir>', 'folder to write the dataset to; made if it is not there')
    .option('--sample <n>', 'keep this many products, drawn by the hash of their code', wholeFrom(1))
    .option('--country <name>', 'keep products sold there: en:france or France', countryName)
    .option('--memory <size>', 'memory to stay within', memoryBytes, 4e9)
    .option('--threads <n>', 'threads of DuckDB', wholeFrom(1), availableParallelism())
    .option('--seed <n>', 'seed of the sample', wholeFrom(0), 1)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse([...argv], { from: 'user' })
    .opts<Omit<IngestOptions, 'memoryBytes'> & { memory: number }>();
  return { ...options, memoryBytes: memory };
}

function wholeFrom(min: number) {
  return (text: string): number => {
    const value = Number(text);
    const isValid = /^\d+$/.test(text) && value >= min && value < 2 ** 31;
    if (!isValid) throw new InvalidArgumentError(`must be a whole number from ${min} on`);
    return value;
  };
}

function countryName(text: string): string {
  if (!/\p{L}/u.test(text.replace(/^\s*[a-z]{2}:/i, ''))) {
    throw new InvalidArgumentError('must be a country, such as en:france or France');
  }
  return text;
}

export function memoryBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([MG]i?B)$/i.exec(text.trim());
  const bytes = Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN);
  if (!(bytes >= MEMORY_MIN_BYTES)) {
    throw new InvalidArgumentError('must be a size from 512MB on, such as 4GB');
  }
  return bytes;
}
