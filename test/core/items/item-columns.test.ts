import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createItemColumns, textAt, textColumn } from '../../../core/items/item-columns.ts';
import { NUTRIENTS } from '../../../core/items/nutrients.ts';

describe('text columns', () => {
  it('give back every text, empty and beyond ASCII ones too', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const column = textColumn(texts);
        expect(texts.map((_, row) => textAt(column, row))).toEqual(texts);
        expect(column.offsets.length).toBe(texts.length + 1);
      }),
    );
  });

  it('have an empty text outside of their rows', () => {
    expect(textAt(textColumn(['a']), 7)).toBe('');
    expect(textColumn([])).toEqual({ bytes: new Uint8Array(0), offsets: new Int32Array(1) });
  });
});

describe('new item columns', () => {
  it('have every nutrient absent and no category', () => {
    const columns = createItemColumns(2, 40, textColumn(['1', '2']));
    expect(Object.keys(columns.nutrients)).toEqual([...NUTRIENTS]);
    for (const column of Object.values(columns.nutrients))
      expect([...column]).toEqual([Number.NaN, Number.NaN]);
    expect([...columns.categoryRoles, ...columns.foodGroups]).toEqual([0, 0, 0, 0]);
    expect([columns.rowCount, columns.firstRowNumber]).toEqual([2, 40]);
  });
});
