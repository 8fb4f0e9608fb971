/** How fauxqs 2 lays objects on disk: `<root>/buckets/<bucket>/objects/<key>.data` beside `<key>.meta.json`. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join, sep } from 'node:path';
import Type, { type Static } from 'typebox';
import { createParser } from '../../schemas/parse.ts';

const ObjectRecord = Type.Object({
  key: Type.String(),
  contentType: Type.String(),
  contentLength: Type.Integer({ minimum: 0 }),
  etag: Type.String(),
  lastModified: Type.String(),
  metadata: Type.Record(Type.String(), Type.String()),
  contentLanguage: Type.Optional(Type.String()),
  contentDisposition: Type.Optional(Type.String()),
  cacheControl: Type.Optional(Type.String()),
  contentEncoding: Type.Optional(Type.String()),
});
/** What fauxqs keeps about an object. `etag` is quoted, `contentLength` in bytes. */
export type ObjectRecord = Static<typeof ObjectRecord>;

const recordParser = createParser('object record of the embedded store', ObjectRecord);

/** Folder that holds a bucket’s objects; DuckDB reads the `.data` files under it as Parquet. */
export function bucketFolder(objectsDirectory: string, bucket: string): string {
  return join(objectsDirectory, 'buckets', bucket, 'objects');
}

/** Path of an object without its ending. A test compares it with where fauxqs puts odd keys. */
export function objectPath(objectsDirectory: string, bucket: string, key: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the set that fauxqs escapes.
  const escaped = key.replace(/[<>:"|?*\\%\x00-\x1f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `${bucketFolder(objectsDirectory, bucket)}${sep}${escaped.split('/').join(sep)}`;
}

/** The record of an object, or undefined where there is none. Synchronous: see `conditional-writes.ts`. */
export function readObjectRecord(
  objectsDirectory: string,
  bucket: string,
  key: string,
): ObjectRecord | undefined {
  let text: string;
  try {
    text = readFileSync(`${objectPath(objectsDirectory, bucket, key)}.meta.json`, 'utf8');
  } catch {
    return undefined;
  }
  return recordParser.parse(JSON.parse(text));
}

/** Bytes `start` to `end`, both included, of an object; fewer when its file is shorter. */
export function readObjectRange(
  objectsDirectory: string,
  bucket: string,
  key: string,
  range: { readonly start: number; readonly end: number },
): Buffer {
  const file = openSync(`${objectPath(objectsDirectory, bucket, key)}.data`, 'r');
  try {
    const bytes = Buffer.allocUnsafe(range.end - range.start + 1);
    const read = readSync(file, bytes, 0, bytes.length, range.start);
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
