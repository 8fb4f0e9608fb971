/** An object in S3, or in a store that speaks its protocol (`AWS_ENDPOINT_URL_S3`). */
import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { NutrisageError } from '../../../core/errors.ts';
import type { RemoteContent, RemoteFile } from './remote-file.ts';

/** Region, endpoint and credentials come from the environment and the profile, as the SDK reads them. */
export function s3File(address: string, client = createClient(process.env)): RemoteFile {
  const { Bucket, Key } = parseAddress(address);
  return {
    address,
    async open(start, etag, signal) {
      try {
        const condition = etag === undefined ? {} : { IfMatch: etag };
        const range = start === 0 ? {} : { Range: `bytes=${start}-` };
        const output = await client.send(new GetObjectCommand({ Bucket, Key, ...condition, ...range }), {
          abortSignal: signal,
        });
        return contentOf(output, start, etag);
      } catch (error) {
        const status = statusOf(error);
        if (status === 412 || status === 416) return { kind: 'changed' };
        throw translated(error, status, address);
      }
    },
    close: () => client.destroy(),
  };
}

/** An endpoint of one's own seldom resolves a name per bucket, so the bucket goes into the path there. */
function createClient(environment: Readonly<Record<string, string | undefined>>): S3Client {
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
  return new S3Client(endpoint === undefined ? {} : { endpoint, forcePathStyle: true });
}

function parseAddress(address: string): { Bucket: string; Key: string } {
  const match = /^s3:\/\/([^/]+)\/(.+)$/i.exec(address);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new NutrisageError(
      'source-missing',
      `${address} does not name an object.`,
      'Write it as s3://bucket/path/of/the/object.',
    );
  }
  return { Bucket: match[1], Key: match[2] };
}

function contentOf(output: GetObjectCommandOutput, start: number, etag: string | undefined): RemoteContent {
  // In Node the SDK's body is a readable stream; its type covers browsers too.
  const body = output.Body as unknown as (AsyncIterable<Uint8Array> & { destroy(): void }) | undefined;
  if (body === undefined) throw new Error('the answer has no content');
  if (etag !== undefined && output.ETag !== etag) {
    body.destroy();
    return { kind: 'changed' };
  }
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(output.ContentRange ?? '');
  const isPartial = start > 0 && range !== null;
  return {
    kind: 'content',
    start: isPartial ? Number(range[1]) : 0,
    size: isPartial ? Number(range[2]) : output.ContentLength,
    etag: output.ETag,
    body,
    discard: () => body.destroy(),
  };
}

/** Errors of the SDK carry the answer's status here; those of the network carry none. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function translated(error: unknown, status: number | undefined, address: string): unknown {
  const said = error instanceof Error ? error.name : String(error);
  if (status === 404) {
    return new NutrisageError(
      'source-missing',
      `There is no object ${address} (${said}).`,
      'Check bucket and key.',
      {
        cause: error,
      },
    );
  }
  const hasNoCredentials = said === 'CredentialsProviderError';
  if (status === 401 || status === 403 || hasNoCredentials) {
    return new NutrisageError(
      'object-unreadable',
      `${address} may not be read (${said}).`,
      'Grant s3:GetObject on it to the credentials in use, or set credentials.',
      { cause: error },
    );
  }
  return error;
}
