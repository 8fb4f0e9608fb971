/** What one argument of `nutrisage submit` names. */
import { CommandError } from '../command-error.ts';

export type InputArgument =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'prefix'; readonly bucket: string; readonly prefix: string };

const S3_SCHEME = 's3://';
/** Amazon S3's rule for bucket names, without its rarer refusals. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @throws {CommandError} `usage` when an `s3://` address has no valid bucket. */
export function parseInputArgument(argument: string): InputArgument {
  if (!argument.startsWith(S3_SCHEME)) return { kind: 'local', path: argument };
  const [bucket = '', ...rest] = argument.slice(S3_SCHEME.length).split('/');
  const key = rest.join('/');
  if (!BUCKET_NAME.test(bucket)) {
    throw new CommandError(
      'usage',
      `"${argument}" does not name a bucket: "${bucket}" is no bucket name`,
      'Write s3://bucket/key for one object, or s3://bucket/prefix/ for all Parquet objects below a prefix.',
    );
  }
  const isPrefix = key === '' || key.endsWith('/');
  return isPrefix ? { kind: 'prefix', bucket, prefix: key } : { kind: 'object', bucket, key };
}

/** Whether a name is one that Parquet writers give: what is submitted of a directory or a prefix. */
export function hasParquetName(path: string): boolean {
  return /\.(parquet|parq|pq)$/i.test(path);
}

/** Spark and Hive keep their own files under names that begin so; no reader takes them for data. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}
