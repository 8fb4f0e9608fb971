/** A model folder with a right manifest and no forest: for tests that move models and do not run them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '../../schemas/model.ts';

const SHA = 'a'.repeat(64);

const manifest = (version: string): ModelManifest => ({
  version,
  format: 1,
  createdAt: '2026-11-23T10:00:00.000Z',
  features: ['energyKj'],
  classes: ['a', 'b', 'c', 'd', 'e'],
  rules: '2023',
  onnx: { sha256: SHA, bytes: 1, opset: 13, mlOpset: 3, trees: 1, maxDepth: 1 },
  referenceSha256: SHA,
  trainingData: { fingerprint: SHA, rows: 1, sources: [], attribution: 'none' },
  parameters: {},
  metrics: {},
  libraries: {},
});

/** Writes the three files of a model of this version (16 hex digits) into `folder`, which is made. */
export async function writeHollowModel(folder: string, version: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest(version)));
  await writeFile(join(folder, 'model.onnx'), `onnx ${version}`);
  await writeFile(join(folder, 'reference.json'), '{}');
}
