/** Columns to the bytes of a Parquet file: the same columns always give the same bytes. */
import { Field, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';
import {
  Compression,
  EnabledStatistics,
  Table as WasmTable,
  WriterPropertiesBuilder,
  writeParquet,
} from 'parquet-wasm';
import type { DatasetColumn } from './dataset-columns.ts';

const WRITER = 'nutrisage';

/**
 * Parquet (zstd), one row group per million rows. No metadata of our own is added: with more than one
 * key-value entry the library writes them in another order from run to run, and the embedded Arrow schema
 * is one already.
 */
export function writeDataset(columns: readonly DatasetColumn[], rowCount: number): Uint8Array {
  const fields = columns.map(({ name, data, isNullable }) => new Field(name, data.type, isNullable));
  const type = new Struct(fields);
  const children = columns.map(({ data }) => data);
  const batch = new RecordBatch(
    new Schema(fields),
    makeData({ type, length: rowCount, nullCount: 0, children }),
  );
  const table = WasmTable.fromIPCStream(tableToIPC(new Table([batch]), 'stream'));
  // Spent by one write, so built anew.
  let properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setCreatedBy(WRITER)
    .setStatisticsEnabled(EnabledStatistics.Chunk);
  for (const { name, isDictionary } of columns) {
    properties = properties.setColumnDictionaryEnabled(name, isDictionary);
  }
  return writeParquet(table, properties.build());
}
