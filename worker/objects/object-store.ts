import type { FileReference } from '../../schemas/file-reference.ts';

/** The object store as the worker needs it. Failures are `NutrisageError`s that say what happens next. */
export interface ObjectStore {
  /** The object as it is now. @throws `object-missing`, `bucket-missing`, `object-unreadable`, `store-unavailable` */
  head(bucket: string, key: string): Promise<FileReference>;
  /** Bytes `start … end` (end excluded) of exactly this version. @throws `object-changed` when it is another now. */
  readRange(file: FileReference, start: number, end: number): Promise<Uint8Array>;
  /** The whole object. */
  read(bucket: string, key: string): Promise<Uint8Array>;
  put(bucket: string, key: string, bytes: Uint8Array, contentType: string): Promise<void>;
}
