import { type Data, type Struct, tableFromIPC, vectorFromArray } from 'apache-arrow';
import { ParquetFile, type RecordBatch, wasmMemory } from 'parquet-wasm';
import { expect, it } from 'vitest';
import { viewBatch } from '../../../core/parquet/view-batch.ts';
import { duckDbParquet } from './parquet-files.ts';

/** Every kind of column that is read, with and without nulls, over more than a byte of validity bits. */
const COLUMNS = {
  text: "'row ' || n",
  absent: "CASE WHEN n % 3 = 0 THEN NULL ELSE 'ä' || n END",
  bytes: 'encode(n::VARCHAR)',
  float: 'CASE WHEN n % 5 = 0 THEN NULL ELSE n / 7 END::FLOAT',
  double: 'n / 7::DOUBLE',
  tiny: '(n % 100)::UTINYINT',
  whole: 'CASE WHEN n % 2 = 0 THEN n END::INTEGER',
  wide: '(-n)::BIGINT',
  decimal: '(n / 4)::DECIMAL(38, 2)',
  list: "CASE WHEN n % 4 = 0 THEN NULL ELSE list_transform(range(n % 4), lambda i: 'en:' || i) END",
  nested: "CASE WHEN n % 6 = 0 THEN NULL ELSE [{'name': 'fat', 'value': n::FLOAT}] END",
  struct: "{'inner': n, 'other': CASE WHEN n % 7 = 0 THEN NULL ELSE 'x' END}",
};
const ROWS = 1000;

async function eachBatch(work: (batch: RecordBatch, schemaOf: RecordBatch) => void): Promise<number> {
  const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} AS ${name}`);
  const bytes = await duckDbParquet(`SELECT ${columns.join(', ')} FROM range(${ROWS}) t(n)`);
  const [file, again] = await Promise.all(
    [1, 2].map(() => ParquetFile.fromFile(new Blob([new Uint8Array(bytes)]))),
  );
  if (file === undefined || again === undefined) throw new Error('Nothing was opened.');
  const [one, other] = await Promise.all([file, again].map((each) => each.stream({ batchSize: 300 })));
  const [views, copies] = [one, other].map((stream) => (stream as ReadableStream<RecordBatch>).getReader());
  let batches = 0;
  for (;;) {
    const [view, copy] = [await views?.read(), await copies?.read()];
    if (view?.value === undefined || copy?.value === undefined) return batches;
    work(view.value, copy.value);
    batches += 1;
  }
}

function plain(data: Data<Struct>): unknown[] {
  return data.children.map((child) => JSON.stringify([...vectorLike(child)], replacer));
}
function* vectorLike(data: Data): Generator<unknown> {
  const vector = new (vectorFromArray([0]).constructor as new (data: Data[]) => Iterable<unknown>)([data]);
  yield* vector;
}
const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

it('shows what a copy of the batch holds, for every kind of column', async () => {
  const batches = await eachBatch((batch, same) => {
    const copy = tableFromIPC(same.intoIPCStream());
    const view = viewBatch(batch, copy.schema);
    expect(view?.columns.length).toBe(copy.numRows);
    expect(view && plain(view.columns)).toEqual(copy.batches[0] && plain(copy.batches[0].data));
    view?.free();
  });
  expect(batches).toBe(Math.ceil(ROWS / 300));
});

it('shows nothing of a part of a longer batch, for which the copy is there', async () => {
  await eachBatch((batch, same) => {
    const { schema } = tableFromIPC(same.intoIPCStream());
    const exported = batch.toFFI();
    // Of `struct ArrowArray`: the low word of its offset is the fifth word.
    new Uint32Array(wasmMemory().buffer, exported.arrayAddr(), 5)[4] = 1;
    expect(viewBatch({ toFFI: () => exported } as unknown as RecordBatch, schema)).toBeUndefined();
    batch.free();
  });
});
