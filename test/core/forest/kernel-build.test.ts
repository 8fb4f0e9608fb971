import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

it('kernel.wasm is what `npm run build:kernel` makes of the sources, byte for byte', async () => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [program, ...options] = (scripts['build:kernel'] ?? '').split(' ');
  expect(program).toBe('asc');
  const written = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main(options, {
    writeFile: (name, contents) => {
      written.set(name, contents);
    },
  });
  expect(error, stderr.toString()).toBeNull();
  const [built] = [...written].filter(([name]) => name.endsWith('.wasm')).map(([, contents]) => contents);
  const committed = readFileSync(`${ROOT}/core/forest/kernel.wasm`);
  expect(Buffer.compare(committed, Buffer.from(built ?? ''))).toBe(0);
}, 120_000);
