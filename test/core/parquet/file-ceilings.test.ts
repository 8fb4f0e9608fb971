import { describe, expect, it } from 'vitest';
import type { FileCeilings } from '../../../core/parquet/file-ceilings.ts';
import { duckDbParquet, failureOf, openBytes, readItems } from './parquet-files.ts';

const NO_CEILING: FileCeilings = {
  fileBytes: Number.MAX_SAFE_INTEGER,
  footerBytes: Number.MAX_SAFE_INTEGER,
  rows: Number.MAX_SAFE_INTEGER,
  columns: Number.MAX_SAFE_INTEGER,
  textBytes: Number.MAX_SAFE_INTEGER,
};
const ROWS = 300;
const COLUMNS = 4;
const LONGEST = 70;

/** The last row has the longest category, in a list; all texts of the column together are longer still. */
const bytes = await duckDbParquet(`
  SELECT lpad(i::VARCHAR, 13, '0') AS code, 900.0 AS energy_100g, 5.0 AS sugars_100g,
    ['en:breads', repeat('x', CASE WHEN i = ${ROWS - 1} THEN ${LONGEST} ELSE 1 END)] AS categories_tags
  FROM range(${ROWS}) rows(i)`);
const footerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);

const FITTING: FileCeilings = {
  fileBytes: bytes.length,
  footerBytes,
  rows: ROWS,
  columns: COLUMNS,
  textBytes: LONGEST,
};

const read = (ceilings: Partial<FileCeilings>) =>
  readItems(bytes, { ceilings: { ...NO_CEILING, ...ceilings } });

describe('the ceilings of a file', () => {
  it('let a file through that is just below all of them', async () => {
    expect(await read(FITTING)).toHaveLength(ROWS);
  });

  it.each([
    ['fileBytes', 'bytes', 'NUTRISAGE_FILE_BYTES_MAX'],
    ['footerBytes', 'bytes of footer', 'NUTRISAGE_FOOTER_BYTES_MAX'],
    ['rows', 'rows', 'NUTRISAGE_FILE_ROWS_MAX'],
    ['columns', 'columns', 'NUTRISAGE_FILE_COLUMNS_MAX'],
    ['textBytes', 'bytes in one text', 'NUTRISAGE_TEXT_BYTES_MAX'],
  ] as const)('refuse a file one above that of %s, and name it', async (kind, what, variable) => {
    const ceiling = FITTING[kind] - 1;
    const failure = await failureOf(read({ [kind]: ceiling }));
    expect(failure).toMatchObject({
      code: 'above-ceiling',
      disposition: 'fail',
      message: `made.parquet has ${FITTING[kind]} ${what}; the ceiling is ${ceiling} (${variable}).`,
    });
  });

  it('refuse a large file before a byte of it is read', async () => {
    const failure = await failureOf(
      openBytes(new Uint8Array(100), { ceilings: { ...NO_CEILING, fileBytes: 99 } }),
    );
    expect(failure).toMatchObject({ code: 'above-ceiling' });
  });

  it('look at no text of a column that is not read', async () => {
    const wide = await duckDbParquet(`
      SELECT '1' AS code, 900.0 AS energy_100g, 5.0 AS sugars_100g, repeat('x', 5000) AS ingredients`);
    expect(await readItems(wide, { ceilings: { ...NO_CEILING, textBytes: 100 } })).toHaveLength(1);
  });
});
