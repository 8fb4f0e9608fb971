import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectPath, readObjectRecord } from '../../../local/stack/object-files.ts';
import { parseRange } from '../../../local/stack/ranged-reads.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const Bucket = RESOURCES.dataBucket;
const MIB = 2 ** 20;

describe('a Range header', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=-8', { start: 92, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=95-200', { start: 95, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', undefined],
    ['bytes=0-1,5-6', undefined],
    ['items=0-1', undefined],
    ['bytes=-', undefined],
  ])('%s of 100 bytes is %o', (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });
});

describe('the embedded object store', () => {
  let stack: TestStack;
  let clients: TestClients;
  const big = randomBytes(50 * MIB);
  const bigKey = 'uploads/big file.parquet';

  beforeAll(async () => {
    stack = await startTestStack();
    clients = createClients(stack.servers);
    const metadata = { Metadata: { origin: 'test' }, ContentType: 'application/vnd.apache.parquet' };
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: bigKey, Body: big, ...metadata }));
  });
  afterAll(async () => {
    clients.destroy();
    await stack.stop();
  });

  const get = (input: { Range?: string; IfMatch?: string; Key?: string }) =>
    clients.s3.send(new GetObjectCommand({ Bucket, Key: bigKey, ...input }));
  const bytesOf = async (input: { Range?: string; IfMatch?: string; Key?: string }) =>
    Buffer.from((await (await get(input)).Body?.transformToByteArray()) ?? []);

  it('takes 50 MiB in a single PUT and gives them back', async () => {
    expect((await bytesOf({})).equals(big)).toBe(true);
  });

  it('answers every range with those bytes', async () => {
    const range = fc.record({
      start: fc.integer({ min: 0, max: big.length - 1 }),
      length: fc.integer({ min: 1, max: 200_000 }),
    });
    await fc.assert(
      fc.asyncProperty(range, async ({ start, length }) => {
        const read = await bytesOf({ Range: `bytes=${start}-${start + length - 1}` });
        expect(read.equals(big.subarray(start, start + length))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('describes a range as it describes the whole', async () => {
    const [whole, range] = await Promise.all([
      clients.s3.send(new HeadObjectCommand({ Bucket, Key: bigKey })),
      get({ Range: 'bytes=10-19' }),
    ]);
    await range.Body?.transformToByteArray();
    expect(range.ContentRange).toBe(`bytes 10-19/${big.length}`);
    expect(range.ContentLength).toBe(10);
    const facts = ({ ETag, LastModified, ContentType, Metadata }: typeof whole | typeof range) => {
      return { ETag, LastModified, ContentType, Metadata };
    };
    expect(facts(range)).toEqual(facts(whole));
  });

  it('reads 64 KiB in a small part of the time that the whole object takes', async () => {
    const READS = 20;
    const rangedStart = performance.now();
    for (let read = 0; read < READS; read += 1) {
      await bytesOf({ Range: `bytes=${read * MIB}-${read * MIB + 65_535}` });
    }
    const rangedMs = (performance.now() - rangedStart) / READS;
    const wholeStart = performance.now();
    await bytesOf({});
    const wholeMs = performance.now() - wholeStart;
    expect(rangedMs).toBeLessThan(wholeMs / 4);
  });

  it('takes the expected ETag with quotes and without, and refuses another', async () => {
    const quoted = (await clients.s3.send(new HeadObjectCommand({ Bucket, Key: bigKey }))).ETag ?? '';
    const bare = quoted.replaceAll('"', '');
    for (const Range of ['bytes=0-3', undefined]) {
      const input = Range === undefined ? {} : { Range };
      for (const IfMatch of [quoted, bare])
        expect((await bytesOf({ ...input, IfMatch })).length).toBeGreaterThan(3);
      await expect(get({ ...input, IfMatch: 'other' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    }
  });

  it('says which of bucket, key and range is not there', async () => {
    await expect(get({ Key: 'uploads/none', Range: 'bytes=0-1' })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    await expect(
      clients.s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k', Range: 'bytes=0-1' })),
    ).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(get({ Range: `bytes=${big.length}-` })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('takes an upload in parts of more than 11 MiB', async () => {
    const Key = 'uploads/in-parts';
    const Body = big.subarray(0, 30 * MIB);
    await new Upload({ client: clients.s3, params: { Bucket, Key, Body }, partSize: 12 * MIB }).done();
    expect((await bytesOf({ Key })).equals(Body)).toBe(true);
    expect(
      (await bytesOf({ Key, Range: 'bytes=13000000-13000099' })).equals(Body.subarray(13e6, 13e6 + 100)),
    ).toBe(true);
  });

  it.each([
    'plain',
    'a b',
    'plus+percent%41',
    'čaj/日本.parquet',
    'q?u*o"t<e>|:\\',
    'date=2026-11-23/x',
    'end/',
    "it's",
  ])('keeps the object of key %s where it is looked for', async (name) => {
    const Key = `uploads/${name}`;
    await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: name }));
    const { objectsDirectory } = stack.servers.store;
    expect(readObjectRecord(objectsDirectory, Bucket, Key)?.key).toBe(Key);
    expect(await readFile(`${objectPath(objectsDirectory, Bucket, Key)}.data`, 'utf8')).toBe(name);
    expect((await bytesOf({ Key, Range: 'bytes=0-1' })).toString()).toBe(
      Buffer.from(name).subarray(0, 2).toString(),
    );
  });

  it('is reached from this machine alone', async () => {
    const { port } = new URL(stack.servers.endpoint);
    const outward = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).resolves.toMatchObject({ status: 200 });
    for (const address of outward)
      await expect(fetch(`http://${address?.address}:${port}/health`)).rejects.toThrow();
  });
});
