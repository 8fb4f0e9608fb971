/**
 * S3's event notifications for the embedded store: a Parquet file written under `inbox/` becomes a message on
 * the jobs queue, before the writer has its answer (on Redis, a moment later). In S3's own format, so that workers know one kind of event.
 * What was dropped while the stack was down raises nothing, as nothing can be dropped then.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PREFIXES, RESOURCES } from '../../schemas/names.ts';
import { REGION } from './addresses.ts';
import { type ObjectRecord, readObjectRecord } from './object-files.ts';
import type { Servers } from './start-servers.ts';

/** As it would be given to PutBucketNotificationConfiguration. */
const NOTIFICATION = {
  id: 'nutrisage-inbox',
  bucket: RESOURCES.dataBucket,
  prefix: PREFIXES.inbox,
  suffix: '.parquet',
  queue: RESOURCES.jobsQueue,
} as const;

/**
 * Connects the inbox to the jobs queue; sends S3's test event on the first time.
 * @param post sends a body to the queue
 */
export function connectInbox(servers: Servers, post: (body: string) => void): void {
  const { store } = servers;
  const nextSequencer = createSequencer(Date.now);
  sendTestEventOnce(servers, post);
  store.onObjectCreated(({ bucket, key }) => {
    const isWanted =
      bucket === NOTIFICATION.bucket &&
      key.startsWith(NOTIFICATION.prefix) &&
      key.endsWith(NOTIFICATION.suffix);
    const object = isWanted ? readObjectRecord(store.objectsDirectory, bucket, key) : undefined;
    if (object === undefined) return;
    const event = createdEvent(object, { sequencer: nextSequencer(), at: new Date() });
    post(JSON.stringify(event));
  });
}

/**
 * The notification of one created object.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
 */
export function createdEvent(
  object: Pick<ObjectRecord, 'key' | 'etag' | 'contentLength'>,
  event: { readonly sequencer: string; readonly at: Date },
): { readonly Records: readonly object[] } {
  // An upload in parts is known by its ETag: a dash and the number of parts.
  const eventName = object.etag.includes('-') ? 'ObjectCreated:CompleteMultipartUpload' : 'ObjectCreated:Put';
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: REGION,
        eventTime: event.at.toISOString(),
        eventName,
        userIdentity: { principalId: 'local' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'local' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: NOTIFICATION.id,
          bucket: {
            name: NOTIFICATION.bucket,
            ownerIdentity: { principalId: 'local' },
            arn: `arn:aws:s3:::${NOTIFICATION.bucket}`,
          },
          object: {
            key: encodeEventKey(object.key),
            size: object.contentLength,
            eTag: object.etag.replaceAll('"', ''),
            sequencer: event.sequencer,
          },
        },
      },
    ],
  };
}

/** A key as S3 writes it in events: form encoding, `+` for a space, with slashes kept. */
export function encodeEventKey(key: string): string {
  return key.split('/').map(encodeFormPart).join('/');
}

/** `URLSearchParams` follows the form encoding of the URL standard, which is what S3 uses. */
function encodeFormPart(part: string): string {
  return new URLSearchParams({ key: part }).toString().slice('key='.length);
}

/**
 * Makes sequencers: 16 hex digits whose text order is the order of making, also over restarts. The upper part
 * is the time in milliseconds, the lower 20 bits leave room for a million events in one.
 */
export function createSequencer(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fromClock = BigInt(now()) << 20n;
    last = fromClock > last ? fromClock : last + 1n;
    return last.toString(16).toUpperCase().padStart(16, '0');
  };
}

/** S3 sends it when a notification is configured; the file remembers what was configured. */
function sendTestEventOnce(servers: Servers, post: (body: string) => void): void {
  const memory = join(servers.directory, 'inbox-notification.json');
  const configured = `${JSON.stringify(NOTIFICATION, null, 2)}\n`;
  if (readIfThere(memory) === configured) return;
  const event = {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: NOTIFICATION.bucket,
    RequestId: requestId(),
    HostId: 'local',
  };
  post(JSON.stringify(event));
  writeFileSync(memory, configured);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
