/** The version of a model is a hash of its manifest: what the trainer writes, the worker verifies. */
import { createHash } from 'node:crypto';
import type { ModelManifest } from '../../schemas/model.ts';

/** JSON with the keys of every object sorted and no white space: equal values are equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isPlainObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** First 16 hex digits of the SHA-256 of the manifest without its `version`, as canonical JSON. */
export function modelVersion(
  manifest: Omit<ModelManifest, 'version'> & { readonly version?: string },
): string {
  const { version: _, ...rest } = manifest;
  return createHash('sha256').update(canonicalJson(rest)).digest('hex').slice(0, 16);
}
