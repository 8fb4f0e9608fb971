import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashFile, readVerified } from '../../../producer/inputs/local-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writtenFile(content: string) {
  const path = join(folder, 'products.parquet');
  await writeFile(path, content);
  return { path, name: 'products.parquet', size: content.length };
}
const never = new AbortController().signal;

describe('a file on its way to the store', () => {
  it('arrives whole when it is what was hashed', async () => {
    const file = await writtenFile('PAR1 and more PAR1');
    const sha256 = await hashFile(file.path, never);
    expect(sha256).toBe(createHash('sha256').update('PAR1 and more PAR1').digest('hex'));
    expect((await buffer(readVerified(file, sha256))).toString()).toBe('PAR1 and more PAR1');
  });

  it('ends in an error when it has changed since it was hashed, so that the upload is given up', async () => {
    const file = await writtenFile('PAR1 before PAR1');
    const sha256 = await hashFile(file.path, never);
    await writtenFile('PAR1 after. PAR1');
    await expect(buffer(readVerified(file, sha256))).rejects.toMatchObject({ code: 'file-changed' });
  });

  it('ends in an error when it has gone', async () => {
    const file = await writtenFile('PAR1 before PAR1');
    await rm(file.path);
    await expect(buffer(readVerified(file, 'x'))).rejects.toThrow(/ENOENT/);
  });

  it('is hashed no further once it is given up', async () => {
    const { path } = await writtenFile('PAR1 PAR1');
    await expect(hashFile(path, AbortSignal.abort())).rejects.toThrow(/abort/);
  });
});
