/** Opens a Parquet file of products for reading by row groups. */
import { type Data, type Schema, type Struct, tableFromIPC } from 'apache-arrow';
import { ParquetFile, type RecordBatch as WasmRecordBatch } from 'parquet-wasm';
import { NutrisageError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { checkColumnTypes } from './column-types.ts';
import { decodeBatch } from './decode-batch.ts';
import { checkCeiling, checkTexts } from './file-ceilings.ts';
import { planInput, plannedLeaves } from './input-shapes.ts';
import type { ItemFile, OpenItemFileOptions, RowGroup, RowGroupRange } from './item-file.ts';
import { dotted, type LeafPath, namedLeaves } from './leaf-paths.ts';
import { openRangedBlob, type RangedBlob } from './ranged-blob.ts';
import { checkRowGroups } from './row-group-ceiling.ts';
import { type BatchView, viewBatch } from './view-batch.ts';

/** The library's own 1,024 rows per batch cost half the speed: 3.0 against 6.3 M rows/s. */
const BATCH_ROWS = 65_536;

/**
 * Reads head, footer and nothing else; rows are read when `readBatches` is iterated.
 *
 * Use it in worker threads only: on a damaged file parquet-wasm may panic, which is an uncaught error that
 * ends the thread while the promise stays pending.
 *
 * @throws {NutrisageError} `empty-file`, `not-parquet`, `truncated-parquet`, `damaged-parquet`, `no-rows`,
 *   `unrecognised-columns`, `mapping-mismatch`, `wrong-column-type`, `row-group-too-large`, `above-ceiling`; what the source
 *   throws passes through unchanged.
 */
export async function openItemFile(source: ByteSource, options: OpenItemFileOptions): Promise<ItemFile> {
  const { name, ceilings } = options;
  checkCeiling(ceilings, 'fileBytes', source.size, name);
  const blob = await openRangedBlob(source, name, ceilings);
  const file = await guarded(blob, name, () => ParquetFile.fromFile(blob));
  try {
    return await describe(file, blob, options);
  } catch (error) {
    file.free();
    throw error;
  }
}

async function describe(
  file: ParquetFile,
  blob: RangedBlob,
  options: OpenItemFileOptions,
): Promise<ItemFile> {
  const { name } = options;
  const footer = await guarded(blob, name, async () => readFooter(file));
  if (footer.rowCount === 0) throw noRows(name);
  checkCeiling(options.ceilings, 'rows', footer.rowCount, name);
  checkCeiling(options.ceilings, 'columns', footer.leaves.length, name);
  const { mapping, withReportedGrades = false, batchRows = BATCH_ROWS } = options;
  const request = { name, withReportedGrades, ...(mapping === undefined ? {} : { mapping }) };
  const plan = planInput(namedLeaves(footer.leaves), request);
  const columns = [...new Set(plannedLeaves(plan).map(dotted))];
  const schema = await guarded(blob, name, () => readSchema(file, columns));
  checkColumnTypes(schema, plan, request);
  const rowGroups = await guarded(blob, name, async () =>
    readRowGroups(file, footer.leaves, new Set(columns)),
  );
  checkRowGroups(rowGroups, name, options.rowGroupBytesMax);

  const read = async function* ({ first, count }: RowGroupRange, firstRowNumber: number) {
    if (first < 0 || first + count > rowGroups.length) {
      throw new RangeError(`${name} has ${rowGroups.length} row groups, not ${first} to ${first + count}.`);
    }
    const wanted = Array.from({ length: count }, (_, index) => first + index);
    let rows = 0;
    const request = { columns, rowGroups: wanted, batchSize: batchRows };
    for await (const batch of streamBatches(file, blob, name, request)) {
      const items = decodeViewed(batch, schema, name, (columns) => {
        checkTexts(options.ceilings, columns, name);
        return decodeBatch(columns, plan, firstRowNumber + rows);
      });
      rows += items.rowCount;
      yield items;
    }
    const expected = wanted.reduce((sum, group) => sum + (rowGroups[group]?.rows ?? 0), 0);
    if (rows !== expected) throw damaged(name, new Error(`${rows} rows where the footer says ${expected}`));
  };
  return {
    rowCount: footer.rowCount,
    rowGroups,
    shape: plan.shape,
    columns,
    readBatches: read,
    close: () => file.free(),
  };
}

interface Footer {
  readonly rowCount: number;
  readonly leaves: readonly LeafPath[];
}

function readFooter(file: ParquetFile): Footer {
  using metadata = file.metadata();
  using fileMetadata = metadata.fileMetadata();
  if (metadata.numRowGroups() === 0) return { rowCount: 0, leaves: [] };
  using group = metadata.rowGroup(0);
  const leaves = Array.from({ length: group.numColumns() }, (_, index) => {
    using column = group.column(index);
    return column.columnPath();
  });
  return { rowCount: fileMetadata.numRows(), leaves };
}

/** Types of the needed columns only: an exotic type elsewhere in the file is none of our business. */
async function readSchema(file: ParquetFile, columns: string[]) {
  const nothing = await file.read({ columns, rowGroups: [] });
  return tableFromIPC(nothing.intoIPCStream()).schema;
}

function readRowGroups(
  file: ParquetFile,
  leaves: readonly LeafPath[],
  needed: ReadonlySet<string>,
): RowGroup[] {
  using metadata = file.metadata();
  const neededIndices = leaves.flatMap((path, index) => (needed.has(dotted(path)) ? [index] : []));
  return Array.from({ length: metadata.numRowGroups() }, (_, number) => {
    using group = metadata.rowGroup(number);
    let bytes = 0;
    for (const index of neededIndices) {
      using column = group.column(index);
      bytes += column.uncompressedSize();
    }
    return { rows: group.numRows(), bytes };
  });
}

interface StreamRequest {
  readonly columns: string[];
  readonly rowGroups: number[];
  readonly batchSize: number;
}

async function* streamBatches(
  file: ParquetFile,
  blob: RangedBlob,
  name: string,
  request: StreamRequest,
): AsyncGenerator<WasmRecordBatch> {
  const stream = await guarded(blob, name, () => file.stream(request));
  const reader = (stream as ReadableStream<WasmRecordBatch>).getReader();
  let isIdle = true;
  try {
    for (;;) {
      isIdle = false;
      const { done, value } = await guarded(blob, name, () => reader.read());
      isIdle = true;
      if (done) return;
      yield value;
    }
  } finally {
    // A read that failed leaves wasm waiting; to cancel it then would panic.
    if (isIdle) await reader.cancel();
  }
}

/** What `decode` makes of the columns, which are gone afterwards. */
function decodeViewed<T>(
  batch: WasmRecordBatch,
  schema: Schema,
  name: string,
  decode: (columns: Data<Struct>) => T,
): T {
  const view = columnsOf(batch, schema, name);
  try {
    return decode(view.columns);
  } finally {
    view.free();
  }
}

/** @throws {NutrisageError} `damaged-parquet` for what neither way out of wasm takes, such as a name with a NUL in it. */
function columnsOf(batch: WasmRecordBatch, schema: Schema, name: string): BatchView {
  try {
    const view = viewBatch(batch, schema);
    if (view !== undefined) return view;
    const [copy] = tableFromIPC(batch.intoIPCStream()).batches;
    if (copy === undefined) throw new TypeError('A batch became none on its way.');
    return { columns: copy.data, free: () => {} };
  } catch (error) {
    throw damaged(name, error);
  }
}

/** Runs the library; its own errors mean a damaged file, a failed read of the source is thrown unchanged. */
async function guarded<T>(blob: RangedBlob, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await blob.whileReading(work());
  } catch (error) {
    if (error instanceof NutrisageError) throw error;
    throw damaged(name, error);
  }
}

function noRows(name: string): NutrisageError {
  return new NutrisageError(
    'no-rows',
    `${name} is a Parquet file without any rows.`,
    'Check the query or job that wrote it, and submit the file once it has rows.',
  );
}

function damaged(name: string, cause: unknown): NutrisageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NutrisageError(
    'damaged-parquet',
    `${name} cannot be read as Parquet: ${reason}.`,
    'The file is damaged, or its writer uses what the reader does not know: write it again from its source.',
    { cause },
  );
}
