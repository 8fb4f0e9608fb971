import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishModel } from '../../../local/stack/publish-model.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { writeHollowModel } from '../../support/hollow-model.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const Bucket = RESOURCES.modelBucket;

describe('publishing a model folder', () => {
  let stack: TestStack;
  let clients: TestClients;
  let folder: string;

  beforeAll(async () => {
    stack = await startTestStack();
    clients = createClients(stack.servers);
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-'));
  });
  afterAll(async () => {
    clients.destroy();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function makeFolder(version: string): Promise<string> {
    const path = join(folder, version);
    await writeHollowModel(path, version);
    return path;
  }
  const read = async (Key: string): Promise<string> =>
    (await (await clients.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
  const [first, second] = ['1'.repeat(16), '2'.repeat(16)] as const;

  it('puts every file under its version and makes it current', async () => {
    expect(await publishModel(clients.s3, Bucket, await makeFolder(first))).toBe(first);
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      `models/${first}/manifest.json`,
      `models/${first}/model.onnx`,
      `models/${first}/reference.json`,
      'models/current.json',
    ]);
    expect(await read(`models/${first}/model.onnx`)).toBe(`onnx ${first}`);
    expect(JSON.parse(await read('models/current.json'))).toMatchObject({ version: first });
  });

  it('leaves files and the current version as they are', async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: `models/${first}/model.onnx`, Body: 'kept' }));
    await publishModel(clients.s3, Bucket, await makeFolder(first));
    await publishModel(clients.s3, Bucket, await makeFolder(second));
    expect(await read(`models/${first}/model.onnx`)).toBe('kept');
    expect(await read(`models/${second}/model.onnx`)).toBe(`onnx ${second}`);
    expect(JSON.parse(await read('models/current.json'))).toMatchObject({ version: first });
  });

  it('says that a folder holds no model', async () => {
    await expect(publishModel(clients.s3, Bucket, join(folder, 'none'))).rejects.toMatchObject({
      message: expect.stringContaining('There is no model in'),
      remedy: expect.stringContaining('--model'),
    });
  });
});
