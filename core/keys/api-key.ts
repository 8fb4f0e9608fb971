/**
 * API keys: `nutrisage_<client>_<secret>`. The secret is 32 random bytes, so there is nothing to guess, and a fast hash keeps
 * it as well as a slow one would. The name in front tells whose it is without a search, and scanners find a leaked one by it.
 */
import { hash } from 'node:crypto';

const KEY = /^nutrisage_([a-z0-9][a-z0-9-]{0,39})_[A-Za-z0-9_-]{43}$/;

/** Bytes of the secret part. */
export const API_KEY_SECRET_BYTES = 32;

/** @param secret random, `API_KEY_SECRET_BYTES` long */
export function apiKey(client: string, secret: Buffer): string {
  return `nutrisage_${client}_${secret.toString('base64url')}`;
}

/** Name of the client in a key; undefined where it does not look like one. */
export function clientOf(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

/** What is kept of a key. */
export function apiKeyHash(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
