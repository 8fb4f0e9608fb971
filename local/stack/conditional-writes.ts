/**
 * Conditional writes for the embedded object store: fauxqs 2.4 ignores `If-None-Match` and `If-Match` on
 * PutObject and CompleteMultipartUpload, and the model registry moves its pointer by compare-and-swap.
 *
 * The check and the write that follows are one turn of the event loop: the hook reads the object's record
 * synchronously and calls `done` in the same turn, and fauxqs's handler writes synchronously. An asynchronous
 * look-up would let 30 racing writers all find nothing.
 */
import { readObjectRecord } from './object-files.ts';
import {
  addressOf,
  bareEtag,
  hasQuery,
  headerOf,
  type StoreApp,
  type StoreRequest,
  sendPreconditionFailed,
  sendStoreError,
} from './store-app.ts';

export type WriteVerdict = 'write' | 'precondition failed' | 'no such key';

/**
 * S3's rules for conditional writes: `If-None-Match` takes `*` alone; `If-Match` on a missing object is 404.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html.
 *
 * @param existingEtag of the object as it is now, undefined where there is none.
 */
export function judgeWrite(
  existingEtag: string | undefined,
  conditions: { readonly ifMatch: string | undefined; readonly ifNoneMatch: string | undefined },
): WriteVerdict {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch === '*' && existingEtag !== undefined) return 'precondition failed';
  if (ifMatch === undefined) return 'write';
  if (existingEtag === undefined) return 'no such key';
  return bareEtag(ifMatch) === bareEtag(existingEtag) ? 'write' : 'precondition failed';
}

export function enforceConditionalWrites(app: StoreApp, objectsDirectory: string): void {
  app.addHook('preHandler', (request, reply, done) => {
    const address = addressOf(request);
    const ifMatch = headerOf(request, 'if-match');
    const ifNoneMatch = headerOf(request, 'if-none-match');
    const isConditional = ifMatch !== undefined || ifNoneMatch !== undefined;
    if (address === undefined || !isConditional || !writesObject(request)) return done();

    const existing = readObjectRecord(objectsDirectory, address.bucket, address.key);
    const verdict = judgeWrite(existing?.etag, { ifMatch, ifNoneMatch });
    if (verdict === 'write') return done();
    if (verdict === 'precondition failed') return sendPreconditionFailed(reply);
    return sendStoreError(reply, 404, 'NoSuchKey', 'The specified key does not exist.');
  });
}

/** PutObject, CopyObject and CompleteMultipartUpload, but neither a part nor the start of an upload. */
function writesObject(request: StoreRequest): boolean {
  if (request.method === 'PUT') return !hasQuery(request, 'partNumber');
  return request.method === 'POST' && hasQuery(request, 'uploadId');
}
