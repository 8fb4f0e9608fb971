/** The registry on Amazon S3, or anything that speaks its protocol with conditional writes. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { RegistryError } from './registry-error.ts';
import type { ListedFile, ModelRegistryStore } from './registry-store.ts';

export interface S3RegistryOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Before `models/`, without a slash at its end; empty for none. Workers read the bucket's root. */
  readonly prefix: string;
}

/** Above this a file goes up in parts; the condition is then judged when they are put together. */
const SINGLE_PUT_BYTES_MAX = 8 * 2 ** 20;
/** S3 answers 409 where two conditional writes overlap, before it knows which of them holds. */
const OVERLAP_ATTEMPTS = 5;

export function createS3RegistryStore({ client, bucket, prefix }: S3RegistryOptions): ModelRegistryStore {
  const root = prefix === '' ? '' : `${prefix}/`;
  const place = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;

  return {
    place,

    read: (path) =>
      translated(place, async () => {
        try {
          const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${root}${path}` }));
          const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
          return { bytes, tag: answer.ETag ?? '' };
        } catch (error) {
          if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
          throw error;
        }
      }),

    list: (listed) =>
      translated(place, async () => {
        const files: ListedFile[] = [];
        let next: string | undefined;
        do {
          const answer = await client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: `${root}${listed}`, ContinuationToken: next }),
          );
          for (const { Key = '', Size = 0 } of answer.Contents ?? []) {
            files.push({ path: Key.slice(root.length), bytes: Size });
          }
          next = answer.NextContinuationToken;
        } while (next !== undefined);
        return files.sort((left, right) => (left.path < right.path ? -1 : 1));
      }),

    write: (path, bytes, expectedTag) =>
      translated(place, async () => {
        const condition = expectedTag === undefined ? { IfNoneMatch: '*' } : { IfMatch: expectedTag };
        const object = { Bucket: bucket, Key: `${root}${path}`, Body: bytes, ContentType: typeOf(path) };
        for (let attempt = 1; ; attempt += 1) {
          try {
            await putObject(client, { ...object, ...condition });
            return 'written';
          } catch (error) {
            const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
            // 404: what was to be replaced is gone.
            const isGone = status === 404 && expectedTag !== undefined && nameOf(error) !== 'NoSuchBucket';
            if (status === 412 || isGone) return 'conflict';
            if (status !== 409 || attempt === OVERLAP_ATTEMPTS) throw error;
          }
        }
      }),
  };
}

async function putObject(
  client: S3Client,
  object: {
    readonly Bucket: string;
    readonly Key: string;
    readonly Body: Uint8Array;
    readonly ContentType: string;
    readonly IfMatch?: string;
    readonly IfNoneMatch?: string;
  },
): Promise<void> {
  if (object.Body.length <= SINGLE_PUT_BYTES_MAX) await client.send(new PutObjectCommand(object));
  else await new Upload({ client, params: object, partSize: SINGLE_PUT_BYTES_MAX, queueSize: 2 }).done();
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  svg: 'image/svg+xml',
};

function typeOf(path: string): string {
  return CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

async function translated<T>(place: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw cause instanceof RegistryError ? cause : translate(place, cause);
  }
}

function translate(place: string, cause: unknown): RegistryError {
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const name = nameOf(cause);
  const reason = cause instanceof Error ? cause.message || innerReason(cause) || name : String(cause);
  if (name === 'NoSuchBucket') {
    const remedy = 'Check its name and AWS_REGION; a local stack makes its own when it starts.';
    return new RegistryError('place-missing', `there is no bucket of ${place}`, remedy, { cause });
  }
  if (name === 'CredentialsProviderError' || /region is missing/i.test(reason)) {
    const remedy = 'Set AWS_REGION, and credentials by AWS_PROFILE or AWS_ACCESS_KEY_ID.';
    return new RegistryError('not-configured', `${place} can not be used: ${reason}`, remedy, { cause });
  }
  if (status === 403) {
    const remedy = 'Grant s3:ListBucket on the bucket and s3:GetObject and s3:PutObject on its models/.';
    return new RegistryError('access-denied', `${place} may not be used: ${reason}`, remedy, { cause });
  }
  const remedy = 'Check the network, AWS_REGION and the AWS_ENDPOINT_URL variables, then try again.';
  return new RegistryError('place-unreachable', `${place} can not be reached: ${reason}`, remedy, { cause });
}

/** Node tries each address of a host, and the error that sums them up says nothing itself. */
function innerReason(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
