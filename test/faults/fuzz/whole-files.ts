/** Whole files that damage is done to: every codec, dictionaries, lists, the nested export, and ones that swell. */
import { readFile } from 'node:fs/promises';
import { duckDbParquet } from '../../core/parquet/parquet-files.ts';
import { smallCatalogue } from '../catalogue.ts';

const CODECS = ['snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw', 'uncompressed'];
const PRODUCTS = `SELECT lpad(i::VARCHAR, 13, '0') AS code, 900.0 + i AS energy_100g, (i % 40)::FLOAT AS sugars_100g,
  CASE WHEN i % 3 = 0 THEN NULL ELSE 1.5 END AS salt_100g, ['en:breads', 'en:' || (i % 5)] AS categories_tags
  FROM range(400) rows(i)`;
/** One text of 30 MB that takes a few kilobytes in the file. */
const SWELLING = `SELECT repeat('x', 30000000) AS code, 900.0 AS energy_100g, 5.0 AS sugars_100g`;

export async function wholeFiles(): Promise<readonly Uint8Array[]> {
  const official = await readFile(new URL('../../../fixtures/exports/official.parquet', import.meta.url));
  return [
    ...(await Promise.all(CODECS.map((codec) => duckDbParquet(PRODUCTS, `COMPRESSION ${codec}`)))),
    await duckDbParquet(SWELLING),
    smallCatalogue({ rows: 200, rowGroupRows: 50, seed: 1 }),
    new Uint8Array(official),
  ];
}
