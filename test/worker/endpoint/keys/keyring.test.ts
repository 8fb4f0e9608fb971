import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { API_KEY_SECRET_BYTES, apiKey, apiKeyHash } from '../../../../core/keys/api-key.ts';
import { ITEMS_PER_MINUTE } from '../../../../schemas/api-keys.ts';
import { createKeyring } from '../../../../worker/endpoint/keys/keyring.ts';

const newKey = (client: string): string => apiKey(client, randomBytes(API_KEY_SECRET_BYTES));
const hashOf = (key: string): string => apiKeyHash(key).toString('hex');

const [old, current, other] = [newKey('shop'), newKey('shop'), newKey('lab')];
const keyring = createKeyring([
  { client: 'shop', sha256: [hashOf(old), hashOf(current)], itemsPerMinute: 5 },
  { client: 'lab', sha256: [hashOf(other)] },
]);

describe('the keyring', () => {
  it('knows a client by either of its live keys', () => {
    for (const key of [old, current])
      expect(keyring.clientOf(key)).toEqual({ name: 'shop', itemsPerMinute: 5 });
    expect(keyring.clientOf(other)).toEqual({ name: 'lab', itemsPerMinute: ITEMS_PER_MINUTE });
  });

  it('knows no key of a known client that is not live, nor one client’s by another’s name', () => {
    expect(keyring.clientOf(newKey('shop'))).toBeUndefined();
    expect(keyring.clientOf(other.replace('_lab_', '_shop_'))).toBeUndefined();
  });

  it('knows nobody else', () => {
    const strangers = ['', 'shop', newKey('stranger'), hashOf(old), '\0'.repeat(32), 'ü'.repeat(4000)];
    for (const key of strangers) expect(keyring.clientOf(key)).toBeUndefined();
  });
});
