import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLUG_BYTES_MAX, writeSlug } from '../../../core/nutriscore/slug.ts';

const encoder = new TextEncoder();

function slugOf(text: string): string | null {
  const bytes = encoder.encode(text);
  const out = new Uint8Array(SLUG_BYTES_MAX);
  const length = writeSlug(bytes, 0, bytes.length, out);
  return length < 0 ? null : new TextDecoder().decode(out.subarray(0, length));
}

/** UTF-8 that was taken for Latin-1 and encoded again. */
function encodedTwice(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}

describe('slugs of category names', () => {
  it.each([
    ['en:plant-based-foods', 'plant-based-foods'],
    [' Plant-based foods ', 'plant-based-foods'],
    ['en:Meal sauces', 'meal-sauces'],
    ["Huiles d'olive vierges", 'huiles-d-olive-vierges'],
    ['Jus d’orange', 'jus-d-orange'],
    ['Käse', 'kase'],
    ['Süßigkeiten', 'sussigkeiten'],
    ['Bœuf, Œufs', 'boeuf-oeufs'],
    ['Æbler Þorskur', 'aebler-thorskur'],
    ['Quesos añejos (curados)', 'quesos-anejos-curados'],
    ['3 × 2 «Öl»', '3-2-ol'],
    ['Напитки', 'Напитки'],
    ['牛乳 3%', '牛乳-3'],
    ['', ''],
    ['  ,- ', ''],
    ['fr:', ''],
    ['🍫 chocolat', '🍫-chocolat'],
    ['a:b', 'a-b'],
  ])('%j is %j', (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });

  it('reads text that was encoded twice as what it was', () => {
    expect(encodedTwice('Cafés à l’eau')).toContain('CafÃ©s');
    for (const text of ['Cafés', 'Crèmes fraîches', 'Dörrobst', 'Piñones']) {
      expect(slugOf(encodedTwice(text))).toBe(slugOf(text));
    }
  });

  it('refuses what is too long to be in any table', () => {
    expect(slugOf('x'.repeat(SLUG_BYTES_MAX + 1))).toBeNull();
    expect(slugOf('x'.repeat(50))).toBe('x'.repeat(50));
  });

  it('reads nothing that stands behind its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 4 }), (text, behind) => {
        const slug = (bytes: Uint8Array): Uint8Array => {
          const out = new Uint8Array(SLUG_BYTES_MAX);
          return out.subarray(0, writeSlug(bytes, 0, text.length, out));
        };
        expect(slug(Uint8Array.of(...text, ...behind))).toEqual(slug(text));
      }),
    );
  });

  it('survives text that is cut within a letter', () => {
    const bytes = encoder.encode('crème');
    const out = new Uint8Array(SLUG_BYTES_MAX);
    expect(writeSlug(bytes, 0, 3, out)).toBeGreaterThan(0);
  });

  it('gives a slug of a slug itself, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const slug = slugOf(text);
        if (slug !== null && !slug.includes(':')) expect(slugOf(slug)).toBe(slug);
      }),
    );
  });
});
