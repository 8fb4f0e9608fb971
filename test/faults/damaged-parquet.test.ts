/**
 * Damaged Parquet, a bounded share of what `npm run fuzz` tries, and every case that was ever found: a worker's thread reads
 * it, refuses it with a reason or dies of it, and never hangs or says something that nobody foresaw.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damagedParquet } from './fuzz/mutate-parquet.ts';
import { createDamagedReader, type DamagedReader, isFinding } from './fuzz/read-damaged.ts';
import { wholeFiles } from './fuzz/whole-files.ts';

const CASES = 40;
const SEED = 20_261_126;
/** Long, since a busy machine may hold a thread up; a file that hangs its reader does so for ever. */
const HANG_MS = 120_000;
const KEPT = new URL('../../fixtures/damaged/', import.meta.url);

let reader: DamagedReader;
beforeAll(() => {
  reader = createDamagedReader(HANG_MS);
});
afterAll(() => reader.close());

describe('a damaged Parquet file', () => {
  it('is read, refused or the death of one thread, whatever the damage', async () => {
    const whole = await wholeFiles();
    const outcomes = new Set<string>();
    for (let number = 0; number < CASES; number += 1) {
      const { damage, bytes } = damagedParquet(SEED, number, whole);
      const reading = await reader.read(bytes);
      outcomes.add(reading.outcome);
      expect(isFinding(reading), `case ${number} (${damage}): ${reading.outcome} ${reading.detail}`).toBe(
        false,
      );
    }
    expect([...outcomes].sort()).toEqual(['died', 'refused', 'rows']);
  }, 400_000);

  it.each(readdirSync(KEPT).filter((name) => name.endsWith('.parquet')))(
    '%s, found before, is one no more',
    async (name) => {
      const reading = await reader.read(new Uint8Array(readFileSync(new URL(name, KEPT))));
      expect(isFinding(reading), `${reading.outcome} ${reading.detail}`).toBe(false);
    },
    200_000,
  );

  it('that swells from kilobytes to megabytes is refused by the ceiling on texts', async () => {
    const swelling = (await wholeFiles())[6];
    if (swelling === undefined) throw new Error('There is no such file.');
    expect(swelling.length).toBeLessThan(100_000);
    expect(await reader.read(swelling)).toMatchObject({ outcome: 'refused', detail: 'above-ceiling' });
  });
});
