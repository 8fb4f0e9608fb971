import { describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import { type ByteSource, memoryByteSource } from '../../../core/parquet/byte-source.ts';
import { openItemFile } from '../../../core/parquet/open-item-file.ts';
import { checkRowGroups, ROW_BYTES } from '../../../core/parquet/row-group-ceiling.ts';
import { duckDbParquet, failureOf, openBytes } from './parquet-files.ts';

const ONE_ROW = `SELECT '1' AS code, 1.5 AS fat_100g`;

async function refusalOf(bytes: Uint8Array, rowGroupBytesMax = 2 ** 28): Promise<NutrisageError> {
  const error = await failureOf(openBytes(bytes, { rowGroupBytesMax }));
  expect(error).toBeInstanceOf(NutrisageError);
  return error as NutrisageError;
}

const textBytes = (text: string) => new TextEncoder().encode(text);

/** Overwrites the footer's length, which stands 8 bytes before the end. */
function withFooterLength(bytes: Uint8Array, length: number): Uint8Array {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(changed.length - 8, length, true);
  return changed;
}

describe('what is refused before the reader sees it', () => {
  it('is an empty file', async () => {
    expect((await refusalOf(new Uint8Array())).code).toBe('empty-file');
  });

  it('is a file that is no Parquet, however short', async () => {
    const error = await refusalOf(textBytes('code;energy_100g\n1;2\n'));
    expect(error.code).toBe('not-parquet');
    expect(error.message).toContain('begins with "code"');
    expect((await refusalOf(textBytes('a'))).code).toBe('not-parquet');
  });

  it('is a Parquet file that was cut anywhere', async () => {
    const whole = await duckDbParquet(ONE_ROW);
    for (const length of [4, 8, 12, 100, whole.length - 1]) {
      expect((await refusalOf(whole.slice(0, length))).code, `${length} bytes`).toBe('truncated-parquet');
    }
  });

  it('is a footer that claims more bytes than the file has, or none', async () => {
    const whole = await duckDbParquet(ONE_ROW);
    for (const length of [0, whole.length - 11, whole.length, 0x7fffffff, 0xffffffff]) {
      const error = await refusalOf(withFooterLength(whole, length));
      expect(error.code, `footer of ${length}`).toBe('truncated-parquet');
      expect(error.message).toContain(`claims ${length} bytes`);
    }
  });

  it('is encrypted Parquet, named as such', async () => {
    const whole = await duckDbParquet(ONE_ROW);
    const encryptedFooter = whole.slice();
    encryptedFooter.set(textBytes('PARE'), whole.length - 4);
    expect((await refusalOf(encryptedFooter)).message).toContain('encrypted');
    encryptedFooter.set(textBytes('PARE'), 0);
    expect((await refusalOf(encryptedFooter)).message).toContain('encrypted');
  });
});

describe('what is refused from the footer', () => {
  it('is a footer that cannot be read', async () => {
    const whole = await duckDbParquet(ONE_ROW);
    const error = await refusalOf(withFooterLength(whole, 20));
    expect(error.code).toBe('damaged-parquet');
    expect(error.cause).toBeDefined();
  });

  it('is a file without rows', async () => {
    expect((await refusalOf(await duckDbParquet(`${ONE_ROW} WHERE false`))).code).toBe('no-rows');
  });

  it('is a file with other columns', async () => {
    const error = await refusalOf(await duckDbParquet(`SELECT 1 AS ean, 2 AS price`));
    expect(error.code).toBe('unrecognised-columns');
    expect(error.message).toContain('Found: ean, price');
  });

  it('is every column of a wrong type, with what it is and what it should be', async () => {
    const error = await refusalOf(
      await duckDbParquet(
        `SELECT true AS code, '1.5' AS fat_100g, true AS salt_100g, [1.5] AS sugars_100g, {'a': 1} AS proteins_100g,
         DATE '2026-01-01' AS fiber_100g, 1 AS categories_tags, 0.5 AS starch_100g`,
      ),
    );
    expect(error.code).toBe('wrong-column-type');
    expect(error.message).toContain('code is Bool where text (or a whole number) is needed');
    expect(error.message).toContain('sugars_100g is List<Decimal(2, 1)> where');
    expect(error.message).toContain('fat_100g is Utf8 where a number is needed');
    for (const column of ['salt_100g', 'sugars_100g', 'proteins_100g', 'fiber_100g', 'categories_tags']) {
      expect(error.message).toContain(`${column} is `);
    }
    expect(error.message).not.toContain('starch_100g');
  });

  it('is a code in a 32-bit float or with decimals, which cannot hold a barcode', async () => {
    for (const type of ['FLOAT', 'DECIMAL(10,2)']) {
      const error = await refusalOf(await duckDbParquet(`SELECT 1::${type} AS code, 1.5 AS fat_100g`));
      expect(error.code, type).toBe('wrong-column-type');
    }
  });

  it('is a list of nutriments whose amounts are text', async () => {
    const file = await duckDbParquet(`SELECT '1' AS code, [{'name': 'fat', '100g': '1.5'}] AS nutriments`);
    const error = await refusalOf(file);
    expect(error.code).toBe('wrong-column-type');
    expect(error.message).toContain('a list of structs');
  });

  it('is a row group whose columns are above the ceiling, with how to write it smaller', async () => {
    const query = `SELECT repeat(md5(range::VARCHAR), 10) AS code, random() AS fat_100g,
      repeat('x', 1000) || range AS unneeded FROM range(6000)`;
    const file = await duckDbParquet(query, 'ROW_GROUP_SIZE 2048');
    const sizes = (await openBytes(file)).rowGroups.map(({ bytes }) => bytes);
    const largest = Math.max(...sizes);
    expect(largest).toBeLessThan(1_000_000);
    const error = await refusalOf(file, largest - 1);
    expect(error.code).toBe('row-group-too-large');
    expect(error.message).toContain(`Row group ${sizes.indexOf(largest)} of made.parquet`);
    expect(error.message).toContain('in the needed columns');
    expect(error.remedy).toContain('row_group_size=2047');
    expect(error.remedy).toContain('ROW_GROUP_SIZE 2047');
    await expect(openBytes(file, { rowGroupBytesMax: largest })).resolves.toMatchObject({ rowCount: 6000 });
  });

  it('is a row group of more rows than the ceiling has room for, however well they are encoded', async () => {
    const query = `SELECT '1' AS code, 1.5 AS fat_100g FROM range(20000)`;
    const file = await duckDbParquet(query, 'ROW_GROUP_SIZE 20480');
    const ceiling = 20_000 * ROW_BYTES;
    const error = await refusalOf(file, ceiling - 1);
    expect(error.code).toBe('row-group-too-large');
    expect(error.message).toContain('Row group 0 of made.parquet has 20000 rows');
    expect(error.message).toContain(`${ROW_BYTES} bytes a row`);
    expect(error.message).not.toContain('in the needed columns');
    expect(error.remedy).toContain('row_group_size=19999');
    await expect(openBytes(file, { rowGroupBytesMax: ceiling })).resolves.toMatchObject({ rowCount: 20_000 });
  });

  it('is not, at the default ceiling, the row group that pyarrow writes unasked', () => {
    expect(() => checkRowGroups([{ rows: 2 ** 20, bytes: 2 ** 27 }], 'in.parquet', 2 ** 28)).not.toThrow();
    expect(() => checkRowGroups([{ rows: 12_000_000, bytes: 2444 }], 'in.parquet', 2 ** 28)).toThrow(
      '12000000 rows',
    );
  });

  it('is not, at a quarter of the default ceiling, a row group of 250,000 ordinary rows', () => {
    expect(() => checkRowGroups([{ rows: 250_000, bytes: 2 ** 25 }], 'in.parquet', 2 ** 26)).not.toThrow();
  });
});

describe('a store that fails', () => {
  const storeError = new NutrisageError('object-changed', 'It changed.', 'Submit it again.');

  /** Fails every read from the `failsFrom`-th on. */
  function failingSource(bytes: Uint8Array, failsFrom: number): ByteSource & { reads: number } {
    const whole = memoryByteSource(bytes);
    const source = {
      size: whole.size,
      reads: 0,
      async read(start: number, end: number) {
        source.reads += 1;
        if (source.reads >= failsFrom) throw storeError;
        return whole.read(start, end);
      },
    };
    return source;
  }

  const options = { name: 'in.parquet', rowGroupBytesMax: 2 ** 28 };

  it('ends opening with its own error', async () => {
    const source = failingSource(await duckDbParquet(ONE_ROW), 1);
    expect(await failureOf(openItemFile(source, options))).toBe(storeError);
  });

  it('ends reading with its own error, after which the file can be closed', async () => {
    const bytes = await duckDbParquet('SELECT range::VARCHAR AS code, range AS fat_100g FROM range(300000)');
    const counting = failingSource(bytes, Number.POSITIVE_INFINITY);
    await openItemFile(counting, options);
    const source = failingSource(bytes, counting.reads + 1);
    const file = await openItemFile(source, options);
    const batches = file.readBatches({ first: 0, count: file.rowGroups.length }, 0)[Symbol.asyncIterator]();
    expect(await failureOf(batches.next())).toBe(storeError);
    expect(() => file.close()).not.toThrow();
  });

  it('that gives too few bytes ends in an error that is tried again', async () => {
    const bytes = await duckDbParquet(ONE_ROW);
    const source: ByteSource = {
      size: bytes.length,
      read: async (start) => bytes.subarray(start, start + 3),
    };
    expect(await failureOf(openItemFile(source, options))).toMatchObject({
      code: 'store-unavailable',
      disposition: 'retry',
    });
  });
});
