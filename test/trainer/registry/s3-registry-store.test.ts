import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { createS3RegistryStore } from '../../../trainer/registry/s3-registry-store.ts';
import { describeModelRegistryStore } from '../../contracts/model-registry-store.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let clients: TestClients;
let prefixes = 0;

beforeAll(async () => {
  stack = await startTestStack();
  clients = createClients(stack.servers);
});
afterAll(async () => {
  clients.destroy();
  await stack.stop();
});

describeModelRegistryStore('S3', async () => {
  prefixes += 1;
  return createS3RegistryStore({
    client: clients.s3,
    bucket: RESOURCES.modelBucket,
    prefix: `team/${prefixes}`,
  });
});

describe('a registry on S3', () => {
  it('lies in the root of its bucket without a prefix', async () => {
    const store = createS3RegistryStore({ client: clients.s3, bucket: RESOURCES.modelBucket, prefix: '' });
    await store.write('models/in-the-root', new Uint8Array([1]), undefined);
    expect(await store.list('models/')).toEqual([{ path: 'models/in-the-root', bytes: 1 }]);
    expect(store.place).toBe(`s3://${RESOURCES.modelBucket}`);
  });

  it('says that there is no such bucket', async () => {
    const store = createS3RegistryStore({ client: clients.s3, bucket: 'no-such-bucket', prefix: '' });
    const calls = [
      store.list('models/'),
      store.read('models/x'),
      store.write('models/x', new Uint8Array(), undefined),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'place-missing', exitCode: 1 } });
    }
  });

  it('says that nobody answers', async () => {
    const client = new S3Client({
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const store = createS3RegistryStore({ client, bucket: 'nutrisage-models', prefix: '' });
    const failure = await store.read('models/current.json').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'place-unreachable', exitCode: 1 });
    expect((failure as Error).message).toMatch(/s3:\/\/nutrisage-models can not be reached: .*ECONNREFUSED/);
    client.destroy();
  });
});
