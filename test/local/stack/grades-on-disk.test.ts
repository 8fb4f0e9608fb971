import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { partKey } from '../../../core/jobs/keys.ts';
import { bucketFolder } from '../../../local/stack/object-files.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createClients } from '../../support/clients.ts';
import { startTestStack } from '../../support/stack.ts';

it('lets DuckDB read the grades of two jobs as one partitioned table, from the files on disk', async () => {
  const stack = await startTestStack();
  const clients = createClients(stack.servers);
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-duckdb-'));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const parts = [
      { job: 'aaaaaaaaaaaaaaaa', submittedAt: '2026-11-22T10:00:00.000Z', rows: 3 },
      { job: 'bbbbbbbbbbbbbbbb', submittedAt: '2026-11-23T10:00:00.000Z', rows: 5 },
    ];
    for (const { job, submittedAt, rows } of parts) {
      const path = join(folder, `${job}.parquet`);
      await duckdb.run(`COPY (SELECT range::VARCHAR AS code, 'A' AS grade FROM range(${rows})) TO '${path}'`);
      const Key = partKey('grades', { job, submittedAt, file: 0, shard: 0 });
      const Body = await readFile(path);
      await clients.s3.send(new PutObjectCommand({ Bucket: RESOURCES.dataBucket, Key, Body }));
    }
    const grades = join(bucketFolder(stack.servers.store.objectsDirectory, RESOURCES.dataBucket), 'grades');
    const reader = await duckdb.runAndReadAll(
      `SELECT "date"::VARCHAR AS day, job, count(*)::INTEGER AS items
       FROM read_parquet('${grades}/**/*.data', hive_partitioning = true) GROUP BY ALL ORDER BY day`,
    );
    expect(reader.getRowObjects()).toEqual([
      { day: '2026-11-22', job: 'aaaaaaaaaaaaaaaa', items: 3 },
      { day: '2026-11-23', job: 'bbbbbbbbbbbbbbbb', items: 5 },
    ]);
  } finally {
    duckdb.closeSync();
    clients.destroy();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
