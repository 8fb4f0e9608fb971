/**
 * Keys that lead out of the embedded store's folder. fauxqs lays an object at the path that its key spells, so that
 * `../../x` would be a file anywhere on the disk; S3 itself refuses keys that lead above the bucket, with this error.
 */
import { addressOf, type StoreApp, sendStoreError } from './store-app.ts';

/** Whether a bucket's or key's name holds a step that is none: `.`, `..`, or a NUL, which ends a path. */
export function isRelative(name: string): boolean {
  return name.includes('\u0000') || name.split(/[/\\]/).some((part) => part === '..' || part === '.');
}

export function refuseRelativeKeys(app: StoreApp): void {
  app.addHook('onRequest', (request, reply, done) => {
    const address = addressOf(request);
    const leadsOut = address !== undefined && (isRelative(address.bucket) || isRelative(address.key));
    if (!leadsOut) return done();
    sendStoreError(reply, 400, 'InvalidURI', 'The key leads out of its bucket.');
  });
}
