import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { download } from '../../../trainer/ingest/remote/download.ts';
import { httpFile } from '../../../trainer/ingest/remote/http-file.ts';
import { s3File } from '../../../trainer/ingest/remote/s3-file.ts';
import { createClients } from '../../support/clients.ts';
import { startTestStack } from '../../support/stack.ts';
import { fixture, productsOf, run, temporaryFolder } from './ingest-run.ts';

afterEach(() => vi.unstubAllEnvs());

interface Page {
  content: Buffer;
  etag: string | undefined;
  /** Bytes of each answer after which the connection is cut; the answers after these are whole. */
  cuts: number[];
  hasRanges: boolean;
  readonly ranges: (string | undefined)[];
}

/** A server of one file that cuts connections as it is told. */
async function serve(page: Page): Promise<string> {
  const server = createServer((request, response) => answer(page, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/export.parquet`;
}

function answer(page: Page, { headers }: IncomingMessage, response: ServerResponse): void {
  page.ranges.push(headers.range);
  if (headers['if-match'] !== undefined && headers['if-match'] !== page.etag) {
    response.writeHead(412).end();
    return;
  }
  const from = page.hasRanges ? Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
  const { length } = page.content;
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': length - from,
    connection: 'close',
    ...(page.etag === undefined ? {} : { etag: page.etag }),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${length - 1}/${length}` } : {}),
  });
  const cut = page.cuts.shift();
  if (cut === undefined) response.end(page.content.subarray(from));
  else response.write(page.content.subarray(from, from + cut), () => setImmediate(() => response.destroy()));
}

function page(settings: Partial<Page> = {}): Page {
  const content = Buffer.alloc(300_000, 'nutrition facts ');
  return { content, etag: '"v1"', cuts: [], hasRanges: true, ranges: [], ...settings };
}

async function fetchTo(address: string, target: string, attemptsMax = 4): Promise<number[]> {
  const seen: number[] = [];
  await download(httpFile(address), target, {
    signal: new AbortController().signal,
    onBytes: (done) => seen.push(done),
    attemptsMax,
    pauseMilliseconds: 1,
  });
  return seen;
}

describe('a download', () => {
  it('goes on where the connection was cut, as often as it is', async () => {
    const remote = page({ cuts: [100_000, 50_000, 70_000] });
    const target = join(temporaryFolder(), 'file');
    await fetchTo(await serve(remote), target);
    expect(readFileSync(target)).toEqual(remote.content);
    expect(remote.ranges[0]).toBeUndefined();
    expect(remote.ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
    expect(remote.ranges).toHaveLength(4);
  });

  it('says after attempts without a byte that it is incomplete, and the next run goes on from there', async () => {
    const remote = page({ cuts: [120_000, 0, 0, 0] });
    const target = join(temporaryFolder(), 'file');
    const address = await serve(remote);
    await expect(fetchTo(address, target, 3)).rejects.toMatchObject({
      code: 'download-incomplete',
      message: expect.stringMatching(/broke off after \d+ of 300000 bytes/),
    });
    expect(existsSync(target)).toBe(false);
    remote.cuts = [];
    const seen = await fetchTo(address, target);
    expect(seen[0]).toBeGreaterThan(100_000);
    expect(readFileSync(target)).toEqual(remote.content);
  });

  it('starts anew when the file was replaced, and never mixes two', async () => {
    const remote = page({ cuts: [120_000, 0, 0] });
    const target = join(temporaryFolder(), 'file');
    const address = await serve(remote);
    await expect(fetchTo(address, target, 2)).rejects.toMatchObject({ code: 'download-incomplete' });
    Object.assign(remote, { content: Buffer.alloc(200_000, 'newer'), etag: '"v2"', cuts: [] });
    await fetchTo(address, target);
    expect(readFileSync(target)).toEqual(remote.content);
  });

  it.each([
    ['knows no ranges', { hasRanges: false }],
    ['gives no version', { etag: undefined }],
  ])('takes the whole again from a server that %s', async (_, settings) => {
    const remote = page({ cuts: [100_000], ...settings });
    const target = join(temporaryFolder(), 'file');
    await fetchTo(await serve(remote), target);
    expect(readFileSync(target)).toEqual(remote.content);
  });

  it('is not repeated while the file is the same, and is once it changed', async () => {
    const remote = page();
    const target = join(temporaryFolder(), 'file');
    const address = await serve(remote);
    await fetchTo(address, target);
    expect(await fetchTo(address, target)).toEqual([]);
    Object.assign(remote, { content: Buffer.from('changed'), etag: '"v2"' });
    await fetchTo(address, target);
    expect(readFileSync(target, 'utf8')).toBe('changed');
  });

  it('that an answer says is not there is a missing source', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    await expect(fetchTo(address, join(temporaryFolder(), 'x'))).rejects.toMatchObject({
      code: 'source-missing',
    });
  });
});

describe('the ingest of what is elsewhere', () => {
  it('gives the same products over the web as from the disk, though the connection is cut', async () => {
    const remote = page({ content: readFileSync(fixture('official.parquet')), cuts: [1500] });
    const { out, card } = await run(await serve(remote));
    const products = (await productsOf(out)).map(({ source: _, ...product }) => product);
    const local = await productsOf((await run(fixture('official.parquet'))).out);
    expect(products).toEqual(local.map(({ source: _, ...product }) => product));
    expect(card.sources[0]?.name).toBe('export');
    expect(existsSync(join(out, '.downloads'))).toBe(true);
  });

  it('reads an object of a store, again without a transfer, and names one that is not there', async () => {
    const stack = await startTestStack();
    onTestFinished(() => stack.stop());
    const clients = createClients(stack.servers);
    onTestFinished(() => clients.destroy());
    const Body = readFileSync(fixture('flat.csv.gz'));
    const Bucket = RESOURCES.dataBucket;
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'exports/flat.csv.gz', Body }));
    vi.stubEnv('AWS_ENDPOINT_URL_S3', stack.servers.endpoint);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const { out, card } = await run(`s3://${Bucket}/exports/flat.csv.gz`);
    expect(card.rows).toMatchObject({ read: 14, kept: 8 });
    const again = await run(`s3://${Bucket}/exports/flat.csv.gz`, { out });
    expect(again.card).toEqual(card);
    await expect(run(`s3://${Bucket}/exports/none`)).rejects.toMatchObject({ code: 'source-missing' });
  });

  it('goes on with an object where it stopped', async () => {
    const stack = await startTestStack();
    onTestFinished(() => stack.stop());
    const clients = createClients(stack.servers);
    const Bucket = RESOURCES.dataBucket;
    const Body = Buffer.alloc(200_000, 'rows ');
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'exports/rows', Body }));
    const remote = s3File(`s3://${Bucket}/exports/rows`, clients.s3);
    onTestFinished(() => remote.close());
    const target = join(temporaryFolder(), 'rows');
    const controller = new AbortController();
    const options = { signal: controller.signal, pauseMilliseconds: 1 };
    const stopped = download(remote, target, { ...options, onBytes: () => controller.abort() });
    await expect(stopped).rejects.toThrow();
    const { signal } = new AbortController();
    await download(remote, target, { ...options, signal, onBytes() {} });
    expect(readFileSync(target)).toEqual(Body);
  });
});
