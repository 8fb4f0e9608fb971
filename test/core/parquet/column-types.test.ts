import { describe, expect, it } from 'vitest';
import { duckDbParquet, readItems } from './parquet-files.ts';

async function fatsOf(values: readonly string[], type: string): Promise<(number | undefined)[]> {
  const rows = values.map((value, row) => `SELECT '${row}' AS code, ${value}::${type} AS fat_100g`);
  return (await readItems(await duckDbParquet(rows.join(' UNION ALL ')))).map(({ fat }) => fat);
}

describe('numbers', () => {
  it('are read from every integer type', async () => {
    for (const type of [
      'TINYINT',
      'SMALLINT',
      'INTEGER',
      'BIGINT',
      'UTINYINT',
      'USMALLINT',
      'UINTEGER',
      'UBIGINT',
    ]) {
      expect(await fatsOf(['7', 'NULL', '0', '127'], type), type).toEqual([7, undefined, 0, 127]);
    }
  });

  it('keep sign and size of 64-bit integers', async () => {
    const wide = ['-1', '-4294967297', '9007199254740991', '-9007199254740991', '4294967295'];
    expect(await fatsOf(wide, 'BIGINT')).toEqual(wide.map(Number));
    expect(await fatsOf(['18446744073709551615'], 'UBIGINT')).toEqual([2 ** 64]);
  });

  it('are read from decimals of every width', async () => {
    for (const type of ['DECIMAL(4,2)', 'DECIMAL(9,2)', 'DECIMAL(18,2)', 'DECIMAL(38,2)']) {
      expect(await fatsOf(['0.07', '-12.30', 'NULL', '0', '99.99'], type), type).toEqual([
        0.07,
        -12.3,
        undefined,
        0,
        99.99,
      ]);
    }
    expect(await fatsOf(['45035996273704.97', '-45035996273704.97'], 'DECIMAL(38,2)')).toEqual([
      45035996273704.97, -45035996273704.97,
    ]);
  });

  it('are the nearest that can be kept for decimals beyond 2^53', async () => {
    const digits = '123456789012345678901234567890.12';
    const [above, below] = await fatsOf([digits, `-${digits}`], 'DECIMAL(38,2)');
    expect(Math.abs((above ?? 0) / Number(digits) - 1)).toBeLessThan(2 ** -51);
    expect(below).toBe(-(above ?? 0));
  });

  it('are restored to their decimal from 32-bit floats and kept as they are from 64-bit ones', async () => {
    expect(await fatsOf(['0.8', '0.1', '12.34', '-0.3'], 'FLOAT')).toEqual([0.8, 0.1, 12.34, -0.3]);
    const bits = 0.800000011920929;
    expect(await fatsOf([String(bits), '0.1'], 'DOUBLE')).toEqual([bits, 0.1]);
  });

  it('keep infinities for validation, while NaN is absent', async () => {
    for (const type of ['FLOAT', 'DOUBLE']) {
      const values = [`'Infinity'`, `'-Infinity'`, `'NaN'`, 'NULL'];
      expect(await fatsOf(values, type), type).toEqual([Infinity, -Infinity, undefined, undefined]);
    }
  });
});

async function codesOf(values: readonly string[], type: string): Promise<string[]> {
  const rows = values.map((value) => `SELECT ${value}::${type} AS code, 1 AS fat_100g`);
  return (await readItems(await duckDbParquet(rows.join(' UNION ALL ')))).map(({ code }) => code);
}

describe('codes', () => {
  it('are read from text with their leading zeros', async () => {
    expect(await codesOf([`'0012'`, 'NULL', `''`, `'Käse-1'`], 'VARCHAR')).toEqual([
      '0012',
      '',
      '',
      'Käse-1',
    ]);
  });

  it('are written out in digits where they were stored as numbers', async () => {
    for (const type of ['BIGINT', 'DOUBLE', 'DECIMAL(13,0)', 'DECIMAL(38,0)', 'UBIGINT']) {
      const codes = await codesOf(['4006381333931', 'NULL', '0', '7'], type);
      expect(codes, type).toEqual(['4006381333931', '', '0', '7']);
    }
    expect(await codesOf(['2147483647', '-5', 'NULL'], 'INTEGER')).toEqual(['2147483647', '-5', '']);
  });

  it('keep every digit of numbers beyond 2^53', async () => {
    expect(await codesOf(['9007199254740993', '-9223372036854775807', 'NULL'], 'BIGINT')).toEqual([
      '9007199254740993',
      '-9223372036854775807',
      '',
    ]);
    expect(await codesOf(['18446744073709551615'], 'UBIGINT')).toEqual(['18446744073709551615']);
    const long = '12345678901234567890123456789012345678';
    expect(await codesOf([long, `-${long}`], 'DECIMAL(38,0)')).toEqual([long, `-${long}`]);
  });

  it('are read from bytes without the mark of text, and mended where these are not UTF-8', async () => {
    expect(await codesOf([`'0012'`, 'NULL', `'K\\xC3\\xA4se'`], 'BLOB')).toEqual(['0012', '', 'Käse']);
    expect(await codesOf([`'\\xFF1'`, `'2'`], 'BLOB')).toEqual(['\uFFFD1', '2']);
  });

  it('are mended where a letter is cut between two rows', async () => {
    expect(await codesOf([`'a\\xC3'`, `'\\xA4'`], 'BLOB')).toEqual(['a\uFFFD', '\uFFFD']);
  });

  it('that are no whole numbers stay recognisable, those that are no numbers are absent', async () => {
    expect(await codesOf(['1.5', `'NaN'`, `'Infinity'`, '1e300'], 'DOUBLE')).toEqual([
      '1.5',
      '',
      '',
      '1e+300',
    ]);
  });
});
