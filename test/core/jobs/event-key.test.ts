import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEventKey } from '../../../core/jobs/event-key.ts';
import { encodeEventKey } from '../../../local/stack/inbox-events.ts';

describe('the key of an event', () => {
  it.each([
    ['inbox/plain.parquet', 'inbox/plain.parquet'],
    ['inbox/two+words.parquet', 'inbox/two words.parquet'],
    ['inbox/a%2Bb.parquet', 'inbox/a+b.parquet'],
    ['inbox/100%25.parquet', 'inbox/100%.parquet'],
    ['inbox/cr%C3%A8me+br%C3%BBl%C3%A9e.parquet', 'inbox/crème brûlée.parquet'],
    ['inbox/%F0%9F%A5%95.parquet', 'inbox/🥕.parquet'],
    ['inbox/100%.parquet', 'inbox/100%.parquet'],
    ['inbox/50%+off.parquet', 'inbox/50% off.parquet'],
  ])('%s means %s', (encoded, key) => {
    expect(decodeEventKey(encoded)).toBe(key);
  });

  it('is what was encoded, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        expect(decodeEventKey(encodeEventKey(key))).toBe(key);
      }),
    );
  });
});
