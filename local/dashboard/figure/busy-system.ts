/** A local stack with something of everything to see: closed jobs, one whose rows have drifted, one given up, one running. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openAwsServices } from '../../../producer/adapters/aws-services.ts';
import { settleConfiguration } from '../../../producer/configuration.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';
import { dropFiles, findDroppedJobs, knownJobs, waitForJobs } from '../../demo/dropped-jobs.ts';
import { sqlValue, withDuckDb } from '../../demo/duckdb.ts';
import { writeIfctFoods } from '../../demo/ifct-foods.ts';
import { writeMadeCatalogue } from '../../demo/made-catalogue.ts';
import { threadsPerWorker } from '../../fleet/threads-per-worker.ts';
import { startLocalStack } from '../../start-local-stack.ts';
import { startDashboard } from '../start-dashboard.ts';

const WORKERS = 2;
/** Two vectors of DuckDB: many shards, so that progress moves. */
const SHARD_ROWS = 4096;
const CATALOGUE_ROWS = 40_960;
/** Long enough that it runs while pictures are taken. */
const LONG_ROWS = 327_680;

/**
 * Starts the stack, fills it, hands over the page's address while a job runs, and stops all again.
 * @param note takes a sentence for each step
 */
export async function withBusySystem(
  modelFolder: string,
  note: (sentence: string) => void,
  look: (address: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'nutrisage-figure-'));
  const stack = await startLocalStack({
    directory,
    modelFolder,
    workers: WORKERS,
    port: 0,
    tablePort: 0,
    endpointPort: 0,
    workerEnvironment: {
      [ENVIRONMENT.threads]: threadsPerWorker(WORKERS),
      [ENVIRONMENT.shardRows]: String(SHARD_ROWS),
      [ENVIRONMENT.metricsPort]: '0',
    },
  });
  const dashboard = await startDashboard({ stack, port: 0, report: note });
  const services = openAwsServices(settleConfiguration(stack.environment, undefined));
  const { signal } = new AbortController();
  const drop = async (path: string) => {
    const before = await knownJobs(services);
    note(`Dropping ${basename(path)}`);
    return findDroppedJobs(await dropFiles([path], services, signal), before, services, signal);
  };
  try {
    for (const path of await writeInputs(directory)) {
      await waitForJobs(await drop(path), services, () => {}, signal);
    }
    const long = join(directory, 'autumn-catalogue.parquet');
    await writeMadeCatalogue(long, { rows: LONG_ROWS, seed: 5, shape: 'flat', rowGroupRows: SHARD_ROWS });
    await drop(long);
    await look(dashboard.address);
  } finally {
    services.close();
    await dashboard.stop();
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeInputs(directory: string): Promise<readonly string[]> {
  const file = (name: string): string => join(directory, name);
  const foods = file('ifct-foods.parquet');
  const plain = file('summer-catalogue.parquet');
  const wrong = file('salt-is-sodium.parquet');
  const damaged = file('damaged.parquet');
  await writeIfctFoods(foods);
  const options = { rows: CATALOGUE_ROWS, shape: 'flat', rowGroupRows: SHARD_ROWS } as const;
  await writeMadeCatalogue(plain, { ...options, seed: 2 });
  await writeSodiumAsSalt(plain, wrong);
  // Begins and ends as Parquet, with zeros for a footer.
  await writeFile(damaged, Buffer.from('PAR1\0\0\0\0\x04\0\0\0PAR1'));
  return [foods, plain, wrong, damaged];
}

/** The same products with sodium in the column of salt: as possible as they were, and 2.5 times too little. */
export async function writeSodiumAsSalt(from: string, to: string): Promise<void> {
  await withDuckDb((connection) =>
    connection.run(`COPY (
      SELECT * EXCLUDE (sodium_100g) REPLACE (salt_100g / 2.5 AS salt_100g) FROM read_parquet(${sqlValue(from)})
    ) TO ${sqlValue(to)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${SHARD_ROWS})`),
  );
}
