/** The object store on Amazon S3 and what speaks its protocol. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { NutrisageError } from '../../core/errors.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import { CommandError } from '../command-error.ts';
import type { ObjectStore } from '../commands/ports.ts';
import { readVerified } from '../inputs/local-files.ts';
import { type Service, statusOf, translateAwsError } from './translate-aws-error.ts';

/**
 * A multipart object's ETag depends on where its parts were cut, and a job's id on the ETag: so the size is
 * fixed. 8 MiB gives 10,000 parts for 78 GiB, above any Parquet file that should be submitted whole.
 */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;

export function createS3ObjectStore(client: S3Client, endpoint: string | undefined): ObjectStore {
  const service: Service = { name: 'object store', endpoint };

  /** Runs a call on an object; absence is `undefined` when it is the object's, an error when it is the bucket's. */
  async function ifThere<T>(bucket: string, key: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!isAbsence(error)) throw translateAwsError(error, service, `s3://${bucket}/${key}`);
      await assertBucket(bucket, error);
      return undefined;
    }
  }

  /** HEAD answers 404 without a word for a missing object and for a missing bucket alike. */
  async function assertBucket(bucket: string, absence: unknown): Promise<void> {
    if ((absence as Error).name === 'NoSuchBucket') throw bucketMissing(bucket, absence);
    try {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
    } catch (error) {
      throw isAbsence(error)
        ? bucketMissing(bucket, error)
        : translateAwsError(error, service, `bucket ${bucket}`);
    }
  }

  return {
    head: (bucket, key) =>
      ifThere(bucket, key, async () => {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return reference(bucket, key, found.ETag, found.ContentLength);
      }),

    async list(bucket, prefix) {
      const listed = await ifThere(bucket, prefix, async () => {
        const objects: FileReference[] = [];
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key, ETag, Size } of page.Contents ?? [])
            objects.push(reference(bucket, Key ?? '', ETag, Size));
        }
        return objects;
      });
      return listed ?? [];
    },

    async readRange(object, start, end) {
      const { bucket, key } = object;
      const bytes = await ifThere(bucket, key, async () => {
        const range = `bytes=${start}-${end - 1}`;
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
        return found.Body?.transformToByteArray();
      });
      return bytes ?? new Uint8Array();
    },

    async upload(bucket, key, file, sha256, signal) {
      const upload = new Upload({
        client,
        params: {
          Bucket: bucket,
          Key: key,
          Body: readVerified(file, sha256),
          ContentType: 'application/vnd.apache.parquet',
        },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      });
      const abort = () => void upload.abort();
      signal.addEventListener('abort', abort, { once: true });
      try {
        await upload.done();
      } catch (error) {
        if ((error as Error).name === 'NoSuchBucket') throw bucketMissing(bucket, error);
        throw translateAwsError(error, service, `s3://${bucket}/${key}`);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },

    readText: (bucket, key) =>
      ifThere(bucket, key, async () => {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return found.Body?.transformToString();
      }),

    download: (bucket, key, path) =>
      ifThere(bucket, key, async () => {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (!(found.Body instanceof Readable)) return undefined;
        await writeWhole(found.Body, path);
        return found.ContentLength ?? 0;
      }),
  };
}

async function writeWhole(body: Readable, path: string): Promise<void> {
  const partial = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(body, createWriteStream(partial));
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    const { code, syscall, message } = cause as NodeJS.ErrnoException;
    const isLocal = syscall === 'open' || syscall === 'mkdir' || syscall === 'write' || syscall === 'rename';
    if (!isLocal) throw cause;
    throw new CommandError(
      'cannot-write',
      `${path} cannot be written (${code ?? message})`,
      'Name another folder with --out.',
      { cause },
    );
  }
}

function reference(
  bucket: string,
  key: string,
  etag: string | undefined,
  size: number | undefined,
): FileReference {
  return { bucket, key, etag: (etag ?? '').replaceAll('"', ''), size: size ?? 0 };
}

function isAbsence(error: unknown): boolean {
  const { name } = error as Error;
  return statusOf(error) === 404 || name === 'NoSuchKey' || name === 'NotFound' || name === 'NoSuchBucket';
}

function bucketMissing(bucket: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'bucket-missing',
    `there is no bucket ${bucket}`,
    'Check the name, and the region or endpoint in use.',
    { cause },
  );
}
