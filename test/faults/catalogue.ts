/** Small files in many small row groups, the same bytes each time. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import { createRandom } from '../../trainer/random.ts';

export interface SmallCatalogue {
  readonly rows: number;
  readonly rowGroupRows: number;
  readonly seed: number;
}

/** Products of the flat shape; one in nine has no code and one in eleven an impossible value: both are rejected. */
export function smallCatalogue({ rows, rowGroupRows, seed }: SmallCatalogue): Uint8Array {
  const random = createRandom(seed, 'small catalogue');
  const numbers = (below: number): Float64Array =>
    Float64Array.from({ length: rows }, () => Math.round(random.next() * below * 10) / 10);
  const sugars = numbers(12).map((value, row) => (row % 11 === 0 ? 1000 : value));
  const table = tableFromArrays({
    code: Array.from({ length: rows }, (_, row) =>
      row % 9 === 0 ? null : String(seed * 100_000 + row).padStart(13, '0'),
    ),
    energy_100g: numbers(400).map((value) => 900 + value),
    fat_100g: numbers(10).map((value) => 8 + value),
    'saturated-fat_100g': numbers(8),
    carbohydrates_100g: numbers(10).map((value) => 30 + value),
    sugars_100g: sugars,
    fiber_100g: numbers(6),
    proteins_100g: numbers(12),
    salt_100g: numbers(2),
    categories_tags: Array.from({ length: rows }, () => 'en:biscuits'),
  });
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.SNAPPY)
    .setMaxRowGroupSize(rowGroupRows)
    .build();
  return writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream')), properties);
}
