import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeWrite } from '../../../local/stack/conditional-writes.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const Bucket = RESOURCES.modelBucket;
const WRITERS = 30;

describe('a conditional write', () => {
  it.each([
    { existing: undefined, ifNoneMatch: '*', verdict: 'write' },
    { existing: '"a"', ifNoneMatch: '*', verdict: 'precondition failed' },
    { existing: '"a"', ifMatch: '"a"', verdict: 'write' },
    { existing: '"a"', ifMatch: 'a', verdict: 'write' },
    { existing: '"a"', ifMatch: '"b"', verdict: 'precondition failed' },
    { existing: undefined, ifMatch: '"a"', verdict: 'no such key' },
    { existing: '"a"', verdict: 'write' },
  ])('on $existing with match $ifMatch and none-match $ifNoneMatch: $verdict', (row) => {
    expect(judgeWrite(row.existing, { ifMatch: row.ifMatch, ifNoneMatch: row.ifNoneMatch })).toBe(
      row.verdict,
    );
  });
});

describe('conditional writes on the embedded store', () => {
  let stack: TestStack;
  let clients: TestClients;

  beforeAll(async () => {
    stack = await startTestStack();
    clients = createClients(stack.servers);
  });
  afterAll(async () => {
    clients.destroy();
    await stack.stop();
  });

  const put = (key: string, body: string, condition: { IfMatch?: string; IfNoneMatch?: string } = {}) =>
    clients.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ...condition }));
  const read = async (key: string) =>
    (await clients.s3.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString();

  /** The writer that won, and the error names of the others. */
  async function race(key: string, condition: { IfMatch?: string; IfNoneMatch?: string }) {
    const results = await Promise.allSettled(
      Array.from({ length: WRITERS }, (_, writer) => put(key, `writer ${writer}`, condition)),
    );
    const winners = results.flatMap((result, writer) => (result.status === 'fulfilled' ? [writer] : []));
    const losses = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    return { winners, losses };
  }

  it('lets one of 30 racing creations win', async () => {
    const { winners, losses } = await race('models/race-create', { IfNoneMatch: '*' });
    expect(winners).toHaveLength(1);
    expect(new Set(losses)).toEqual(new Set(['PreconditionFailed']));
    expect(await read('models/race-create')).toBe(`writer ${winners[0]}`);
  });

  it('lets one of 30 racing swaps of the same version win', async () => {
    const { ETag } = await put('models/race-swap', 'before');
    const { winners, losses } = await race('models/race-swap', { IfMatch: ETag ?? '' });
    expect(winners).toHaveLength(1);
    expect(losses).toHaveLength(WRITERS - 1);
    expect(await read('models/race-swap')).toBe(`writer ${winners[0]}`);
  });

  it('says that there is nothing to swap', async () => {
    await expect(put('models/absent', 'x', { IfMatch: '"abc"' })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  it('refuses to complete an upload in parts onto an object that must not be there', async () => {
    const Key = 'models/parts';
    await put(Key, 'first');
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await clients.s3.send(new UploadPartCommand({ ...part, Body: 'second' }));
    const complete = (IfNoneMatch?: string) =>
      clients.s3.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          IfNoneMatch,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        }),
      );
    await expect(complete('*')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await read(Key)).toBe('first');
    await complete();
    expect(await read(Key)).toBe('second');
  });
});
