import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelVersion } from '../../../core/models/model-version.ts';
import type { ModelManifest } from '../../../schemas/model.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createS3ObjectStore } from '../../../worker/adapters/s3-object-store.ts';
import { loadModel, readCurrentVersion } from '../../../worker/models/model-store.ts';
import type { ObjectStore } from '../../../worker/objects/object-store.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';

const bucket = RESOURCES.modelBucket;

let stack: TestStack;
let clients: TestClients;
let store: ObjectStore;
let folder: string;
let version: string;
let manifest: ModelManifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-'));
  version = await writeTinyModel(folder);
  manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ModelManifest;
  stack = await startTestStack({ modelFolder: folder });
  clients = createClients(stack.servers);
  store = createS3ObjectStore(clients.s3);
});
afterAll(async () => {
  clients.destroy();
  await stack.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await put('models/current.json', JSON.stringify({ version, promotedAt: '2026-11-23T10:00:00.000Z' }));
});

const put = (key: string, body: string | Uint8Array) =>
  clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

/** Puts a model whose manifest is changed so, under the version that it then hashes to. */
async function publish(change: object): Promise<string> {
  const changed = { ...manifest, ...change };
  const itsVersion = modelVersion(changed);
  await put(`models/${itsVersion}/manifest.json`, JSON.stringify({ ...changed, version: itsVersion }));
  await put(`models/${itsVersion}/model.onnx`, await readFile(join(folder, 'model.onnx')));
  return itsVersion;
}

describe('the current model', () => {
  it('is the one that the pointer names', async () => {
    expect(await readCurrentVersion(store, bucket)).toBe(version);
  });

  it('is missing where nothing was ever published', async () => {
    const failure = await readCurrentVersion(store, RESOURCES.dataBucket).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'model-missing' });
    expect((failure as Error).message).toContain(`s3://${RESOURCES.dataBucket}/models/current.json`);
    await expect(readCurrentVersion(store, 'no-such-bucket')).rejects.toMatchObject({
      code: 'model-missing',
    });
  });

  it.each([
    ['is no JSON', 'models/one'],
    ['names no version', '{"promotedAt":"2026-11-23T10:00:00.000Z"}'],
  ])('is damaged where the pointer %s', async (_, body) => {
    await put('models/current.json', body);
    await expect(readCurrentVersion(store, bucket)).rejects.toMatchObject({ code: 'model-damaged' });
  });
});

describe('a model', () => {
  it('is loaded with its manifest and its bytes', async () => {
    const model = await loadModel(store, bucket, version);
    expect(model.manifest).toEqual(manifest);
    expect(model.onnx).toHaveLength(manifest.onnx.bytes);
  });

  it('is missing when it was never there, or was taken away', async () => {
    await expect(loadModel(store, bucket, '0'.repeat(16))).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('is damaged when its manifest does not hash to its version', async () => {
    const other = 'e'.repeat(16);
    await put(`models/${other}/manifest.json`, JSON.stringify({ ...manifest, version: other }));
    await expect(loadModel(store, bucket, other)).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('is damaged when it lies under another version', async () => {
    const other = 'f'.repeat(16);
    await put(`models/${other}/manifest.json`, JSON.stringify(manifest));
    await expect(loadModel(store, bucket, other)).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('is damaged when its manifest is not as it should be', async () => {
    const other = 'd'.repeat(16);
    await put(`models/${other}/manifest.json`, '{"format":2}');
    await expect(loadModel(store, bucket, other)).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('is damaged when its trees are not the ones that its manifest names', async () => {
    const other = await publish({ onnx: { ...manifest.onnx, sha256: 'a'.repeat(64) } });
    const failure = await loadModel(store, bucket, other).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'model-damaged' });
    expect((failure as Error).message).toContain('model.onnx');
  });

  it('passes on that the store is away, which is no fault of the model', async () => {
    const away: ObjectStore = {
      ...store,
      read: async () => {
        throw new Error('away');
      },
    };
    await expect(loadModel(away, bucket, version)).rejects.toThrow('away');
  });
});
