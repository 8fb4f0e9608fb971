import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ITEM_BYTES_MAX, itemBytes } from '../../../worker/ledger/item-bytes.ts';
import { storedFailure, storedFiles } from '../../../worker/ledger/stored-failure.ts';
import { INPUT, jobRecord, plannedFile } from '../../support/records.ts';

const text = fc.string({ unit: 'binary', maxLength: 3000 });

describe('a failure that is stored', () => {
  it('stays as it is when it is short', () => {
    const failure = {
      code: 'not-parquet',
      message: 'inbox/shop.csv is no Parquet file.',
      remedy: 'Convert it.',
    };
    expect(storedFailure(failure)).toEqual(failure);
  });

  it('keeps its code and the beginning of its message in as many bytes as it is given', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 100, max: 3000 }), (message, remedy, bytesMax) => {
        const stored = storedFailure({ code: 'damaged-parquet', message, remedy }, bytesMax);
        expect(itemBytes(stored)).toBeLessThanOrEqual(bytesMax);
        expect(stored.code).toBe('damaged-parquet');
        expect(message.startsWith(stored.message.replace(/…$/, ''))).toBe(true);
        expect(stored.message.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('the files that a job stores', () => {
  it('fit its item however many fail and however long their keys and reasons are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 350 }), (count, keyBytes) => {
        const inputs = Array.from({ length: count }, () => ({ ...INPUT, key: 'k'.repeat(keyBytes) }));
        const failure = { code: 'damaged-parquet', message: 'm'.repeat(5000), remedy: 'r'.repeat(500) };
        const files = storedFiles(
          jobRecord({ inputs }),
          inputs.map(() => plannedFile({ failure })),
        );
        expect(itemBytes(jobRecord({ inputs, files }))).toBeLessThan(ITEM_BYTES_MAX);
        expect(files.every((file) => (file.failure?.message.length ?? 0) > 20)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('leave a reason whole that is alone', () => {
    const failure = { code: 'damaged-parquet', message: 'm'.repeat(700), remedy: 'Write it again.' };
    const files = [plannedFile(), plannedFile({ failure })];
    expect(storedFiles(jobRecord(), files)).toEqual(files);
  });
});
