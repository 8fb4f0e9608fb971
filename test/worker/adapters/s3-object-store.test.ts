import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { createS3Client, createS3ObjectStore } from '../../../worker/adapters/s3-object-store.ts';
import type { ObjectStore } from '../../../worker/objects/object-store.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const bucket = RESOURCES.dataBucket;
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

let stack: TestStack;
let clients: TestClients;
let store: ObjectStore;

beforeAll(async () => {
  stack = await startTestStack();
  clients = createClients(stack.servers);
  store = createS3ObjectStore(clients.s3);
});
afterAll(async () => {
  clients.destroy();
  await stack.stop();
});

const write = (key: string, body: string) =>
  clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

describe('an object in the store', () => {
  it('is told with its size and its ETag without quotes', async () => {
    await write('there/a b+c.parquet', '0123456789');
    const file = await store.head(bucket, 'there/a b+c.parquet');
    expect(file).toMatchObject({ bucket, key: 'there/a b+c.parquet', size: 10 });
    expect(file.etag).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is read by ranges whose end is excluded', async () => {
    await write('ranges', '0123456789');
    const file = await store.head(bucket, 'ranges');
    expect(text(await store.readRange(file, 0, 4))).toBe('0123');
    expect(text(await store.readRange(file, 9, 10))).toBe('9');
  });

  it('is read as a whole', async () => {
    await write('whole', 'all of it');
    expect(text(await store.read(bucket, 'whole'))).toBe('all of it');
  });

  it('is written with its type', async () => {
    await store.put(bucket, 'put', new TextEncoder().encode('{}'), 'application/json');
    const { ContentType } = await clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'put' }));
    expect(ContentType).toBe('application/json');
    expect(text(await store.read(bucket, 'put'))).toBe('{}');
  });

  it('is written in pieces above 8 MiB, and has the same bytes and ETag when it is written again', async () => {
    const bytes = Uint8Array.from({ length: 8 * 2 ** 20 + 12_345 }, (_, index) => (index * 31) % 251);
    const etags: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await store.put(bucket, 'large', bytes, 'application/octet-stream');
      etags.push((await store.head(bucket, 'large')).etag);
    }
    expect(etags[1]).toBe(etags[0]);
    expect(etags[0]).toMatch(/-2$/);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'large' }));
    expect(Buffer.compare((await Body?.transformToByteArray()) ?? Buffer.alloc(0), bytes)).toBe(0);
  });
});

describe('what is not there', () => {
  const missing = { bucket, key: 'never', etag: 'abc', size: 10 };
  const nowhere = { ...missing, bucket: 'no-such-bucket' };

  it.each([
    ['its head', () => store.head(bucket, 'never')],
    ['a range', () => store.readRange(missing, 0, 4)],
    ['all of it', () => store.read(bucket, 'never')],
  ])('is an object missing when it is asked for %s', async (_, ask) => {
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'object-missing', disposition: 'fail' });
    expect((failure as Error).message).toContain(`s3://${bucket}/never`);
  });

  it.each([
    ['a head', () => store.head('no-such-bucket', 'x')],
    ['a range', () => store.readRange(nowhere, 0, 4)],
    ['an object', () => store.read('no-such-bucket', 'x')],
    ['a place to write', () => store.put('no-such-bucket', 'x', new Uint8Array(1), 'text/plain')],
  ])('is a bucket missing when it is asked for %s', async (_, ask) => {
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'bucket-missing', disposition: 'fail' });
    expect((failure as Error).message).toContain('no-such-bucket');
  });

  it('is another version than the one that was planned', async () => {
    await write('changing', 'first');
    const file = await store.head(bucket, 'changing');
    await write('changing', 'other');
    await expect(store.readRange(file, 0, 4)).rejects.toMatchObject({
      code: 'object-changed',
      disposition: 'fail',
    });
  });
});

describe('a store in trouble', () => {
  const opened: { server: Server; client: S3Client }[] = [];
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const { server, client } of opened.splice(0)) {
      client.destroy();
      server.closeAllConnections();
      server.close();
    }
  });

  /** A store that a real server answers for as the test says. */
  async function storeThat(answer: RequestListener): Promise<ObjectStore> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    opened.push({ server, client });
    return createS3ObjectStore(client);
  }
  const file = { bucket, key: 'x', etag: 'abc', size: 4 };

  it('is unavailable when nobody answers, and worth another attempt', async () => {
    const closed = new S3Client({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    const unreachable = createS3ObjectStore(closed);
    const expected = { code: 'store-unavailable', disposition: 'retry' };
    await expect(unreachable.head(bucket, 'x')).rejects.toMatchObject(expected);
    await expect(unreachable.readRange(file, 0, 4)).rejects.toMatchObject(expected);
    await expect(unreachable.put(bucket, 'x', new Uint8Array(1), 'text/plain')).rejects.toMatchObject(
      expected,
    );
    closed.destroy();
  });

  it('may refuse, which no attempt mends', async () => {
    const refusing = await storeThat((_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    });
    for (const ask of [refusing.head(bucket, 'x'), refusing.read(bucket, 'x')]) {
      await expect(ask).rejects.toMatchObject({ code: 'object-unreadable', disposition: 'fail' });
    }
    const written = await refusing
      .put(bucket, 'x', new Uint8Array(1), 'text/plain')
      .catch((error: unknown) => error);
    expect(written).toMatchObject({ code: 'object-unreadable' });
    expect((written as { remedy: string }).remedy).toContain('s3:PutObject');
  });

  it('is asked again when a body breaks off', async () => {
    let asked = 0;
    const breaking = await storeThat((_, response) => {
      asked += 1;
      response.writeHead(206, { etag: '"abc"', 'content-length': '4' });
      if (asked > 2) response.end('done');
      else response.write('do', () => response.destroy());
    });
    expect(text(await breaking.readRange(file, 0, 4))).toBe('done');
    expect(asked).toBe(3);
  });

  it('is unavailable when every body breaks off', async () => {
    const breaking = await storeThat((_, response) => {
      response.writeHead(206, { etag: '"abc"', 'content-length': '4' });
      response.write('do', () => response.destroy());
    });
    await expect(breaking.readRange(file, 0, 4)).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('is unavailable when it answers more or less than it was asked for', async () => {
    const whole = await storeThat((_, response) => {
      response.writeHead(200, { etag: '"abc"' });
      response.end('all of the object');
    });
    const failure = await whole.readRange(file, 0, 4).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store-unavailable' });
    expect((failure as Error).message).toContain('17 bytes where 4 were asked for');
  });

  it('has changed when it pays no heed to the condition and tells another ETag', async () => {
    const heedless = await storeThat((_, response) => {
      response.writeHead(206, { etag: '"other"', 'content-length': '4' });
      response.end('data');
    });
    await expect(heedless.readRange(file, 0, 4)).rejects.toMatchObject({ code: 'object-changed' });
  });

  it('holds nobody for ever: a server that accepts and never answers is unavailable', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`, AWS_MAX_ATTEMPTS: '1' };
    const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    for (const [name, value] of Object.entries({ ...environment, ...keys })) vi.stubEnv(name, value);
    const client = createS3Client(environment, { connectionTimeout: 1000, socketTimeout: 100 });
    opened.push({ server, client });
    const silent = createS3ObjectStore(client);
    const failure = await silent.head(bucket, 'x').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store-unavailable' });
    expect((failure as Error).message).toContain('timed out');
  });
});
