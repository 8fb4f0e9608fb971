import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { API_KEY_SECRET_BYTES, apiKey, apiKeyHash, clientOf } from '../../../core/keys/api-key.ts';

describe('an API key', () => {
  it('tells whose it is', () => {
    const key = apiKey('shop-2', randomBytes(API_KEY_SECRET_BYTES));
    expect(key).toMatch(/^nutrisage_shop-2_[\w-]{43}$/);
    expect(clientOf(key)).toBe('shop-2');
  });

  it.each([
    '',
    'shop',
    'nutrisage_shop_',
    'nutrisage__x',
    'nutrisage_Shop_'.padEnd(58, 'x'),
    ` ${'x'.repeat(99)}`,
  ])('is none where it reads %j', (text) => {
    expect(clientOf(text)).toBeUndefined();
  });

  it('is kept as the SHA-256 of its text', () => {
    expect(apiKeyHash('abc').toString('hex')).toBe(createHash('sha256').update('abc').digest('hex'));
  });
});
