import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textColumn } from '../../../core/items/item-columns.ts';
import { createTextGatherer } from '../../../worker/grading/text-gatherer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('a text gatherer', () => {
  it('holds what a column of the same texts holds, copied or encoded, whatever room it began with', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), fc.nat(200), (texts, bytesExpected) => {
        const column = textColumn(texts);
        const gathered = createTextGatherer(texts.length, bytesExpected);
        texts.forEach((one, row) => {
          if (row % 2 === 0) gathered.append(column, row);
          else gathered.appendText(one);
        });
        expect(gathered.column()).toEqual(column);
      }),
    );
  });
});
