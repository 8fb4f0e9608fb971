import { describe, expect, it } from 'vitest';
import { inboxJobId, submissionJobId } from '../../../core/jobs/job-id.ts';
import type { MappedColumn } from '../../../schemas/mapping.ts';

const FILE = { bucket: 'data', key: 'uploads/1/a.parquet', etag: 'e', size: 10 };
const idWith = (columns: Record<string, MappedColumn>) =>
  submissionJobId({ inputs: [FILE], mapping: { columns }, again: 0 });

describe('the id of a submission', () => {
  it('is the same for the same contents, mapping and number, and another for any other', () => {
    const submission = { inputs: [FILE], again: 0 };
    expect(submissionJobId(submission)).toMatch(/^[0-9a-f]{16}$/);
    expect(submissionJobId({ inputs: [{ ...FILE, size: 11 }], again: 0 })).toBe(submissionJobId(submission));
    const others = [
      { ...submission, again: 1 },
      { ...submission, inputs: [{ ...FILE, etag: 'f' }] },
      { ...submission, inputs: [FILE, FILE] },
      { ...submission, mapping: { columns: { code: 'ean' } } },
    ];
    expect(new Set([submission, ...others].map(submissionJobId)).size).toBe(5);
  });

  it('does not depend on how a mapping is written, only on what it says', () => {
    const id = idWith({ code: 'ean', sodium_100g: { column: 'na', unit: 'mg' }, fat_100g: 'fett' });
    expect(idWith({ fat_100g: 'fett', sodium_100g: { unit: 'mg', column: 'na' }, code: 'ean' })).toBe(id);
    const spelled = { CODE: { column: 'ean' }, 'Sodium-100g': { column: 'na', unit: 'mg' } } as const;
    expect(idWith({ ...spelled, fat_100g: { column: 'fett' } })).toBe(id);
    expect(idWith({ ...spelled, fat_100g: { column: 'fett', unit: 'g' } })).toBe(id);
  });

  it('differs where a mapping says something else', () => {
    const columns: readonly Record<string, MappedColumn>[] = [
      { sodium_100g: 'na' },
      { sodium_100g: { column: 'na', unit: 'mg' } },
      { sodium_100g: 'NA' },
      { salt_100g: 'na' },
    ];
    expect(new Set(columns.map(idWith)).size).toBe(columns.length);
  });
});

describe('the id of a file dropped in the inbox', () => {
  it('is the same for a repeated event and another when the file is dropped again', () => {
    const arrival = { bucket: 'data', key: 'inbox/a.parquet', etag: 'e', sequencer: '01' };
    expect(inboxJobId({ ...arrival })).toBe(inboxJobId(arrival));
    expect(inboxJobId({ ...arrival, sequencer: '02' })).not.toBe(inboxJobId(arrival));
  });
});
