import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTagMemory, placeOf, type TagMemory, takePlace } from '../../../core/nutriscore/tag-memory.ts';

const encoder = new TextEncoder();

/** Place of a tag between its neighbours, whose bytes must not count. */
function find(memory: TagMemory, tag: string): number {
  const bytes = encoder.encode(`wine,${tag},wine`);
  return placeOf(memory, bytes, 5, bytes.length - 5);
}

function keep(memory: TagMemory, tag: string): number {
  const bytes = encoder.encode(`wine,${tag},wine`);
  return takePlace(memory, bytes, 5, bytes.length - 5);
}

describe('the memory of tags', () => {
  it('finds what it keeps and nothing else', () => {
    const memory = createTagMemory();
    const place = keep(memory, 'en:cheeses');
    expect(place).toBeGreaterThan(0);
    expect(find(memory, 'en:cheeses')).toBe(place);
    expect([find(memory, 'en:cheese'), find(memory, 'en:cheeses-'), find(memory, 'fr:cheeses')]).toEqual([
      0, 0, 0,
    ]);
  });

  it('has a place of its own for each of a few tags, whichever they are', () => {
    const tag = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.uniqueArray(tag, { maxLength: 50 }), (tags) => {
        const memory = createTagMemory();
        const whole = tags.filter((text) => text.isWellFormed());
        const places = whole.map((text) => keep(memory, text));
        expect(whole.map((text) => find(memory, text))).toEqual(places);
        const kept = places.filter((place) => place !== 0);
        expect(new Set(kept).size).toBe(kept.length);
      }),
    );
  });

  it('begins anew when it is full, of tags or of their bytes', () => {
    for (const times of [1, 40]) {
      const memory = createTagMemory();
      const tagOf = (number: number): string => `en:${String(number).padStart(5, '0').repeat(times)}`;
      for (let number = 0; number < 20_000; number += 1) {
        const place = keep(memory, tagOf(number));
        if (place !== 0) expect(find(memory, tagOf(number))).toBe(place);
        expect(memory.count).toBeLessThanOrEqual(memory.roles.length);
      }
      expect(find(memory, tagOf(0))).toBe(0);
    }
  });

  it('leaves out tags that are alike where they are hashed, after a few, and those too long for one', () => {
    const memory = createTagMemory();
    // Eight samples of 24 bytes see every third one.
    const alike = Array.from({ length: 100 }, (_, number) =>
      `a${String(number).padStart(2, '0')}`.padEnd(24, 'x'),
    );
    const kept = alike.filter((tag) => keep(memory, tag) !== 0);
    expect(kept).toEqual(alike.slice(0, 8));
    expect(alike.map((tag) => find(memory, tag) !== 0)).toEqual(alike.map((_, number) => number < 8));
    expect(keep(memory, 'x'.repeat(300))).toBe(0);
  });
});
