/** The object store on Amazon S3, or anything that speaks its protocol. */
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { NutrisageError } from '../../core/errors.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { REQUEST_PATIENCE, type RequestPatience } from './request-patience.ts';

/** Above this a part is uploaded in pieces; a fixed size keeps the ETag the same for the same bytes. */
const SINGLE_PUT_BYTES_MAX = 8 * 2 ** 20;
const READ_ATTEMPTS = 3;

export function createS3Client(
  environment: Readonly<Record<string, string | undefined>>,
  patience: RequestPatience = REQUEST_PATIENCE,
): S3Client {
  // Stores other than Amazon's seldom answer to bucket names as host names.
  const forcePathStyle = environment['AWS_ENDPOINT_URL_S3'] !== undefined;
  return new S3Client({ forcePathStyle, requestHandler: { ...patience } });
}

export function createS3ObjectStore(client: S3Client): ObjectStore {
  return {
    async head(bucket, key) {
      try {
        const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return { bucket, key, etag: withoutQuotes(answer.ETag), size: answer.ContentLength ?? 0 };
      } catch (cause) {
        const error = translate(bucket, key, cause);
        // The answer to HEAD has no body, so it does not say whether the object is missing or its bucket.
        const bucketIsMissing = error.code === 'object-missing' && !(await bucketExists(client, bucket));
        throw bucketIsMissing ? bucketMissing(bucket, cause) : error;
      }
    },

    async readRange(file, start, end) {
      const { bucket, key, etag } = file;
      const read = () =>
        translated(bucket, key, async () => {
          const answer = await client.send(
            new GetObjectCommand({
              Bucket: bucket,
              Key: key,
              IfMatch: `"${etag}"`,
              Range: `bytes=${start}-${end - 1}`,
            }),
          );
          if (withoutQuotes(answer.ETag) !== etag) throw objectChanged(file);
          return answer.Body?.transformToByteArray() ?? new Uint8Array();
        });
      const bytes = await retried(read);
      if (bytes.length !== end - start) {
        throw new NutrisageError(
          'store-unavailable',
          `s3://${bucket}/${key} answered ${bytes.length} bytes where ${end - start} were asked for.`,
          'It is tried again by itself.',
        );
      }
      return bytes;
    },

    async read(bucket, key) {
      const read = () =>
        translated(bucket, key, async () => {
          const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return answer.Body?.transformToByteArray() ?? new Uint8Array();
        });
      return retried(read);
    },

    async put(bucket, key, bytes, contentType) {
      const object = { Bucket: bucket, Key: key, Body: bytes, ContentType: contentType };
      await translated(bucket, key, async () => {
        if (bytes.length <= SINGLE_PUT_BYTES_MAX) await client.send(new PutObjectCommand(object));
        else
          await new Upload({ client, params: object, partSize: SINGLE_PUT_BYTES_MAX, queueSize: 2 }).done();
      });
    },
  };
}

/** The SDK retries requests, but not a body that breaks off: so a read is repeated here. */
async function retried<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const worthwhile = error instanceof NutrisageError && error.code === 'store-unavailable';
      if (!worthwhile || attempt === READ_ATTEMPTS) throw error;
    }
  }
}

async function translated<T>(bucket: string, key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw cause instanceof NutrisageError ? cause : translate(bucket, key, cause);
  }
}

function translate(bucket: string, key: string, cause: unknown): NutrisageError {
  const place = `s3://${bucket}/${key}`;
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'NoSuchBucket') {
    return bucketMissing(bucket, cause);
  }
  if (status === 412) {
    return new NutrisageError(
      'object-changed',
      `${place} was replaced after the job was planned.`,
      'Submit the file again; grades of the two versions are not mixed.',
      { cause },
    );
  }
  if (status === 404) {
    return new NutrisageError(
      'object-missing',
      `${place} does not exist.`,
      'Check the name, or put the file back and submit it again.',
      { cause },
    );
  }
  if (status === 403) {
    return new NutrisageError(
      'object-unreadable',
      `${place} may not be read or written with the worker's role.`,
      'Grant s3:GetObject on inputs and models and s3:PutObject on outputs (and kms:Decrypt or kms:GenerateDataKey, if a key encrypts them), then redrive.',
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new NutrisageError(
    'store-unavailable',
    `${place} could not be reached: ${reason}`,
    'It is tried again by itself.',
    { cause },
  );
}

async function bucketExists(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    return !(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404);
  }
}

function bucketMissing(bucket: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'bucket-missing',
    `The bucket ${bucket} does not exist.`,
    'Check the name of the bucket.',
    {
      cause,
    },
  );
}

function objectChanged(file: FileReference): NutrisageError {
  return new NutrisageError(
    'object-changed',
    `s3://${file.bucket}/${file.key} was replaced after the job was planned.`,
    'Submit the file again; grades of the two versions are not mixed.',
  );
}

function withoutQuotes(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
