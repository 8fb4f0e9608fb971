import { beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../core/parquet/byte-source.ts';
import type { RowGroupRange } from '../../../core/parquet/item-file.ts';
import { openItemFile } from '../../../core/parquet/open-item-file.ts';
import { duckDbParquet } from './parquet-files.ts';

interface CountingSource extends ByteSource {
  readonly reads: { start: number; end: number }[];
}

function countingSource(bytes: Uint8Array): CountingSource {
  const reads: { start: number; end: number }[] = [];
  return {
    size: bytes.length,
    reads,
    async read(start, end) {
      reads.push({ start, end });
      return bytes.subarray(start, end);
    },
  };
}

const options = { name: 'in.parquet', rowGroupBytesMax: 2 ** 28 };
const bytesOf = ({ reads }: CountingSource) => reads.reduce((sum, { start, end }) => sum + end - start, 0);

async function readRows(source: ByteSource, rowGroups: RowGroupRange): Promise<number> {
  const file = await openItemFile(source, options);
  let rows = 0;
  for await (const batch of file.readBatches(rowGroups, 0)) rows += batch.rowCount;
  file.close();
  return rows;
}

describe('the bytes that are read', () => {
  let wide: Uint8Array;

  beforeAll(async () => {
    wide = await duckDbParquet(
      `SELECT range::VARCHAR AS code, (range % 97) / 7 AS fat_100g, range % 89 AS salt_100g, range % 83 AS sugars_100g,
       md5(range::VARCHAR) || md5((range + 1)::VARCHAR) AS unneeded, range % 79 AS proteins_100g FROM range(120000)`,
      'ROW_GROUP_SIZE 40960, COMPRESSION uncompressed',
    );
  });

  it('are head and tail alone when a file is opened', async () => {
    const source = countingSource(wide);
    (await openItemFile(source, options)).close();
    expect(source.reads).toHaveLength(2);
    expect(bytesOf(source)).toBeLessThanOrEqual(4 + 64 * 1024);
  });

  it('leave out the columns that are not needed and the row groups that are not asked for', async () => {
    const source = countingSource(wide);
    expect(await readRows(source, { first: 1, count: 1 })).toBe(40_960);
    expect(bytesOf(source)).toBeLessThan(wide.length / 4);
  });

  it('come in fewer reads than there are columns, since neighbours are read together', async () => {
    const source = countingSource(wide);
    await readRows(source, { first: 0, count: 1 });
    const rowReads = source.reads.slice(2);
    expect(rowReads.length).toBeLessThan(5);
  });

  it('are never asked for twice in one go over the file, nor beyond its end', async () => {
    const source = countingSource(wide);
    expect(await readRows(source, { first: 0, count: 3 })).toBe(120_000);
    for (const { start, end } of source.reads) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(wide.length);
    }
    expect(bytesOf(source)).toBeLessThan(wide.length * 1.1);
  });

  it('include a footer longer than the first read of the tail', async () => {
    const columns = Array.from(
      { length: 600 },
      (_, index) => `${index} AS "a_rather_long_column_name_${index}"`,
    );
    const bytes = await duckDbParquet(`SELECT '1' AS code, 0.8::FLOAT AS fat_100g, ${columns.join(', ')}`);
    const source = countingSource(bytes);
    expect(await readRows(source, { first: 0, count: 1 })).toBe(1);
    expect(source.reads[1]).toEqual({ start: bytes.length - 64 * 1024, end: bytes.length });
    expect(source.reads[2]?.start).toBeLessThan(bytes.length - 64 * 1024);
  });
});
