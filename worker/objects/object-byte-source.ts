import type { ByteSource } from '../../core/parquet/byte-source.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { ObjectStore } from './object-store.ts';

/** One version of one object as a source of bytes for the Parquet reader. */
export function objectByteSource(store: ObjectStore, file: FileReference): ByteSource {
  return { size: file.size, read: (start, end) => store.readRange(file, start, end) };
}
