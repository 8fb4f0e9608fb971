import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderRegistryStore } from '../../../trainer/registry/folder-registry-store.ts';
import { describeModelRegistryStore } from '../../contracts/model-registry-store.ts';

let parent: string;
let folders = 0;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'nutrisage-registry-'));
});
afterAll(() => rm(parent, { recursive: true }));

function freshFolder(): string {
  folders += 1;
  return join(parent, `${folders}`);
}

describeModelRegistryStore('a folder', async () => createFolderRegistryStore(freshFolder()));

describe('a registry in a folder', () => {
  const content = new Uint8Array([1]);

  it('leaves neither lock nor unfinished file behind', async () => {
    const folder = freshFolder();
    const store = createFolderRegistryStore(folder);
    await Promise.all([1, 2, 3].map(() => store.write('models/x', content, undefined)));
    expect(await readdir(folder, { recursive: true })).toEqual(['models', join('models', 'x')]);
  });

  it('names the lock that a stopped process left, and writes nothing', async () => {
    const folder = freshFolder();
    await createFolderRegistryStore(folder).write('models/x', content, undefined);
    await writeFile(join(folder, '.registry.lock'), '4711');
    const store = createFolderRegistryStore(folder, { lockWaitMs: 50 });
    const failure = await store.write('models/y', content, undefined).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'registry-locked', exitCode: 1 });
    expect((failure as Error).message).toContain(`process 4711 (${join(folder, '.registry.lock')})`);
    expect(await store.read('models/y')).toBeUndefined();
  });

  it('says that its place is a file', async () => {
    const file = freshFolder();
    await writeFile(file, 'not a folder');
    const store = createFolderRegistryStore(file);
    await expect(store.write('models/x', content, undefined)).rejects.toMatchObject({
      code: 'place-unreachable',
    });
  });
});
