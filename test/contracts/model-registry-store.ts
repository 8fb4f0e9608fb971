/** What every place of the model registry must do; `test/trainer/registry` runs it on each. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ModelRegistryStore } from '../../trainer/registry/registry-store.ts';

const WRITERS = 20;

/** @param start an empty registry; called once a test. */
export function describeModelRegistryStore(name: string, start: () => Promise<ModelRegistryStore>): void {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const textAt = async (store: ModelRegistryStore, path: string): Promise<string | undefined> => {
    const file = await store.read(path);
    return file === undefined ? undefined : new TextDecoder().decode(file.bytes);
  };

  describe(`model registry store on ${name}`, () => {
    it('has nothing at first', async () => {
      const store = await start();
      expect(await store.read('models/current.json')).toBeUndefined();
      expect(await store.list('models/')).toEqual([]);
    });

    it('gives back what was written, with another tag for another content', async () => {
      const store = await start();
      expect(await store.write('models/a/one.json', bytes('one'), undefined)).toBe('written');
      const one = await store.read('models/a/one.json');
      expect(await textAt(store, 'models/a/one.json')).toBe('one');
      expect(await store.write('models/a/one.json', bytes('two'), one?.tag)).toBe('written');
      expect(await textAt(store, 'models/a/one.json')).toBe('two');
      expect((await store.read('models/a/one.json'))?.tag).not.toBe(one?.tag);
    });

    it('writes nothing where the file is not as expected', async () => {
      const store = await start();
      await store.write('models/x', bytes('first'), undefined);
      const first = await store.read('models/x');
      expect(await store.write('models/x', bytes('again'), undefined)).toBe('conflict');
      await store.write('models/x', bytes('second'), first?.tag);
      expect(await store.write('models/x', bytes('late'), first?.tag)).toBe('conflict');
      expect(await textAt(store, 'models/x')).toBe('second');
    });

    it('does not bring back a file that was to be replaced and is gone', async () => {
      const store = await start();
      await store.write('models/other', bytes('there'), undefined);
      const tag = (await store.read('models/other'))?.tag;
      expect(await store.write('models/gone', bytes('new'), tag)).toBe('conflict');
      expect(await store.read('models/gone')).toBeUndefined();
    });

    it.each(['creations', 'replacements'])(`lets one of ${WRITERS} racing %s win`, async (kind) => {
      const store = await start();
      if (kind === 'replacements') await store.write('models/x', bytes('before'), undefined);
      const tag = (await store.read('models/x'))?.tag;
      const outcomes = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) =>
          store.write('models/x', bytes(`writer ${writer}`), tag),
        ),
      );
      const winners = outcomes.flatMap((outcome, writer) => (outcome === 'written' ? [writer] : []));
      expect(winners).toHaveLength(1);
      expect(await textAt(store, 'models/x')).toBe(`writer ${winners[0]}`);
    });

    it('lists what lies below a prefix, in the order of paths, with sizes', async () => {
      const store = await start();
      const paths = ['models/b/two', 'models/a/figures/one', 'models/a/one', 'models/current.json'];
      for (const path of paths) await store.write(path, bytes(path), undefined);
      await store.write('elsewhere', bytes('x'), undefined);
      const listed = [...paths].sort().map((path) => ({ path, bytes: path.length }));
      expect(await store.list('models/')).toEqual(listed);
      expect(await store.list('models/a/')).toEqual(listed.slice(0, 2));
    });

    it('takes a file of twelve megabytes, once', async () => {
      const store = await start();
      const large = randomBytes(12 * 2 ** 20);
      expect(await store.write('models/large', large, undefined)).toBe('written');
      expect(await store.write('models/large', large.subarray(1), undefined)).toBe('conflict');
      const read = await store.read('models/large');
      expect(Buffer.compare(read?.bytes ?? new Uint8Array(), large)).toBe(0);
    });
  });
}
