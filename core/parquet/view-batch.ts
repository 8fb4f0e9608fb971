/**
 * A batch of the reader's as Arrow columns over the reader's own memory, by Arrow's C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html): nothing is copied and no message is written.
 */
import { BufferType, Data, DataType, type Field, type Schema, Struct } from 'apache-arrow';
import { type RecordBatch, wasmMemory } from 'parquet-wasm';

/** A batch in the reader's memory. */
export interface BatchView {
  /** One struct of all columns; valid until the reader runs again, since its memory moves when it grows. */
  readonly columns: Data<Struct>;
  /** Gives the batch's memory back. */
  free(): void;
}

/**
 * @param schema of the columns that are read, in their order
 * @returns undefined for what is not to be viewed, such as a part of a longer batch: `intoIPCStream` brings it then
 */
export function viewBatch(batch: RecordBatch, schema: Schema): BatchView | undefined {
  const exported = batch.toFFI();
  const columns = viewArray(wasmMemory().buffer, exported.arrayAddr(), new Struct(schema.fields));
  if (columns === undefined) {
    exported.free();
    return undefined;
  }
  return {
    columns: columns as Data<Struct>, // of the type that it was viewed as
    free() {
      exported.free();
      batch.free();
    },
  };
}

/** Where the members of `struct ArrowArray` lie in a memory of 32 bits, in words of as many; of integers the low word. */
const MEMBER = {
  length: 0,
  nullCount: 2,
  offset: 4,
  bufferCount: 6,
  childCount: 8,
  buffers: 10,
  children: 11,
};
const ARROW_ARRAY_WORDS = 12;

function viewArray(memory: ArrayBuffer, address: number, type: DataType): Data | undefined {
  const array = new Uint32Array(memory, address, ARROW_ARRAY_WORDS);
  const member = (name: keyof typeof MEMBER): number => array[MEMBER[name]] as number;
  if (member('offset') !== 0) return undefined;

  const addresses = new Uint32Array(memory, member('children'), member('childCount'));
  const fields: readonly Field[] = type.children ?? [];
  const children: Data[] = [];
  for (const [place, field] of fields.entries()) {
    const child = viewArray(memory, addresses[place] ?? 0, field.type);
    if (child === undefined) return undefined;
    children.push(child);
  }

  const length = member('length');
  const nullCount = member('nullCount');
  const pointers = new Uint32Array(memory, member('buffers'), member('bufferCount'));
  const buffers: Partial<Data['buffers']> = {};
  if (nullCount !== 0) {
    buffers[BufferType.VALIDITY] = viewOf(Uint8Array, memory, pointers[0], (length + 7) >> 3);
  }
  if (DataType.isList(type) || isText(type)) {
    const offsets = viewOf(Int32Array, memory, pointers[1], length + 1);
    buffers[BufferType.OFFSET] = offsets;
    if (isText(type))
      buffers[BufferType.DATA] = viewOf(Uint8Array, memory, pointers[2], offsets[length] ?? 0);
  } else if (isNumber(type)) {
    const perRow = DataType.isDecimal(type) ? type.bitWidth / 32 : 1;
    buffers[BufferType.DATA] = viewOf(type.ArrayType, memory, pointers[1], length * perRow);
  }
  return new Data(type, 0, length, nullCount, buffers, children);
}

function isText(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isBinary(type);
}

function isNumber(type: DataType): boolean {
  return DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type);
}

type View<T> = new (memory: ArrayBuffer | number, at?: number, length?: number) => T;

/** Where nothing is, such as the offsets of no rows, the pointer is 0. */
function viewOf<T>(As: View<T>, memory: ArrayBuffer, pointer: number | undefined, length: number): T {
  return pointer === undefined || pointer === 0 ? new As(length) : new As(memory, pointer, length);
}
