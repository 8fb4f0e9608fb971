import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
const libraries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(node|so|dylib|dll)(\.[\d.]+)?$/.test(name),
);

describe('ONNX Runtime as it is installed (docs/adr/0010-onnx-runtime-without-telemetry.md)', () => {
  it('has native libraries to look into', () => {
    expect(libraries.length).toBeGreaterThan(1);
  });

  it.each(libraries)('carries no uploader in %s', (name) => {
    const bytes = readFileSync(join(folder, name));
    for (const trace of ['OneCollector', 'ORT_DISABLE_TELEMETRY', 'events.data.microsoft.com']) {
      expect(bytes.includes(trace), trace).toBe(false);
    }
  });
});
