import {
  Dictionary,
  Field,
  Float32,
  Int32,
  LargeList,
  LargeUtf8,
  List,
  Null,
  Table,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { CATEGORY_ROLES } from '../../../core/nutriscore/category-roles.ts';
import { arrowParquet, duckDbParquet, readItems } from './parquet-files.ts';

const CODEC_QUERY = `SELECT '0012' AS code, 0.8::FLOAT AS salt_100g, 'x' AS categories UNION ALL SELECT '2', NULL, NULL`;

describe('files of other writers', () => {
  it('are read in every codec that DuckDB writes', async () => {
    for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4', 'lz4_raw', 'brotli']) {
      const items = await readItems(await duckDbParquet(CODEC_QUERY, `COMPRESSION ${codec}`));
      expect(items, codec).toMatchObject([{ code: '0012', salt: 0.8 }, { code: '2' }]);
    }
  });

  it('are read in both page versions and without dictionaries', async () => {
    for (const options of ['PARQUET_VERSION v1', 'PARQUET_VERSION v2', 'DICTIONARY_SIZE_LIMIT 1']) {
      expect(await readItems(await duckDbParquet(CODEC_QUERY, options)), options).toMatchObject([
        { code: '0012', salt: 0.8 },
        { code: '2' },
      ]);
    }
  });

  it('are read with the categorical and large types of Polars and pandas', async () => {
    const cheeses = ['en:dairies', 'en:cheeses'];
    const tags = vectorFromArray(
      [cheeses, null, ['en:dairies']],
      new LargeList(new Field('item', new LargeUtf8())),
    );
    const table = new Table({
      code: vectorFromArray(['0012', '0013', '0014'], new Dictionary(new LargeUtf8(), new Int32())),
      fat_100g: vectorFromArray([0.8, null, 2], new Float32()),
      salt_100g: vectorFromArray([null, null, null], new Null()),
      categories_tags: tags,
    });
    const items = await readItems(arrowParquet(table));
    expect(items.map(({ code, fat }) => [code, fat])).toEqual([
      ['0012', 0.8],
      ['0013', undefined],
      ['0014', 2],
    ]);
    expect((items[0]?.roles ?? 0) & CATEGORY_ROLES.cheese).toBe(CATEGORY_ROLES.cheese);
    expect(items[1]?.roles).toBe(0);
  });

  it('are read with lists of dictionary texts and plain large texts', async () => {
    const inner = new Dictionary(new Utf8(), new Int32());
    const tags = vectorFromArray([['en:cheeses'], []], new List(new Field('element', inner)));
    const table = new Table({
      code: vectorFromArray(['1', '2'], new LargeUtf8()),
      fat_100g: vectorFromArray([1, 2], new Int32()),
      categories_tags: new Vector(tags.data),
    });
    const items = await readItems(arrowParquet(table));
    expect(items).toMatchObject([
      { code: '1', fat: 1 },
      { code: '2', fat: 2, roles: 0 },
    ]);
    expect((items[0]?.roles ?? 0) & CATEGORY_ROLES.cheese).toBe(CATEGORY_ROLES.cheese);
  });

  it('are read with columns of nulls alone, as pandas writes those without any value', async () => {
    const nothing = vectorFromArray([null, null], new Null());
    const table = new Table({
      code: nothing,
      fat_100g: vectorFromArray([1, 2], new Int32()),
      salt_100g: nothing,
      categories_tags: nothing,
      with_non_nutritive_sweeteners: nothing,
      nutriscore_grade: nothing,
    });
    expect(await readItems(arrowParquet(table), { withReportedGrades: true })).toEqual([
      { code: '', rowNumber: 0, roles: 0, group: 0, fat: 1, reported: 255 },
      { code: '', rowNumber: 1, roles: 0, group: 0, fat: 2, reported: 255 },
    ]);
  });
});
