import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, modelVersion } from '../../../core/models/model-version.ts';
import type { ModelManifest } from '../../../schemas/model.ts';

const MANIFEST: ModelManifest = {
  version: '0000000000000000',
  format: 1,
  createdAt: '2026-01-01T00:00:00Z',
  features: ['fat', 'salt'],
  classes: ['a', 'b', 'c', 'd', 'e'],
  rules: '2023',
  onnx: { sha256: '0'.repeat(64), bytes: 1, opset: 13, mlOpset: 1, trees: 5, maxDepth: 1 },
  referenceSha256: '1'.repeat(64),
  trainingData: { fingerprint: '2'.repeat(64), rows: 1, sources: [], attribution: 'who' },
  parameters: { max_depth: 1 },
  metrics: { accuracy: 0.5 },
  libraries: { xgboost: '1.7.4' },
};

describe('modelVersion', () => {
  it('is the golden one of a known manifest', () => {
    expect(modelVersion(MANIFEST)).toBe('eaf75b865d991238');
  });

  it('does not depend on the version that stands in the manifest, nor on the order of keys', () => {
    const { version: _, ...rest } = MANIFEST;
    const turned = Object.fromEntries(Object.entries(MANIFEST).reverse()) as unknown as ModelManifest;
    expect(modelVersion(rest)).toBe(modelVersion(MANIFEST));
    const renamed: ModelManifest = { ...turned, version: 'ffffffffffffffff' };
    expect(modelVersion(renamed)).toBe(modelVersion(MANIFEST));
  });

  it('changes with any other field, deep ones too', () => {
    const changed = { ...MANIFEST, onnx: { ...MANIFEST.onnx, sha256: 'f'.repeat(64) } };
    expect(modelVersion(changed)).not.toBe(modelVersion(MANIFEST));
  });
});

describe('canonicalJson', () => {
  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sorts keys and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: null, c: 'x' } })).toBe('{"a":{"c":"x","d":null},"b":[2,1]}');
  });
});
