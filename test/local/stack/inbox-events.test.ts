import { CopyObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSequencer, encodeEventKey } from '../../../local/stack/inbox-events.ts';
import { ENVIRONMENT, RESOURCES } from '../../../schemas/names.ts';
import { createParser } from '../../../schemas/parse.ts';
import { S3Event, S3TestEvent } from '../../../schemas/s3-event.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const Bucket = RESOURCES.dataBucket;
const eventParser = createParser('S3 event', S3Event);

describe('a key in an event', () => {
  it.each([
    ['inbox/plain.parquet', 'inbox/plain.parquet'],
    ['inbox/two words.parquet', 'inbox/two+words.parquet'],
    ['inbox/a+b.parquet', 'inbox/a%2Bb.parquet'],
    ['inbox/100%.parquet', 'inbox/100%25.parquet'],
    ['inbox/date=2026-11-23/x.parquet', 'inbox/date%3D2026-11-23/x.parquet'],
    ['inbox/čaj.parquet', 'inbox/%C4%8Daj.parquet'],
    ['inbox/(1)~.parquet', 'inbox/%281%29%7E.parquet'],
  ])('%s is written %s', (key, encoded) => {
    expect(encodeEventKey(key)).toBe(encoded);
  });

  it('comes back whole when it is decoded as S3 asks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        expect(decodeURIComponent(encodeEventKey(key).replaceAll('+', ' '))).toBe(key);
      }),
    );
  });
});

describe('sequencers', () => {
  it('grow as text, also within a millisecond and when the clock goes back', () => {
    const times = [1_800_000_000_000, 1_800_000_000_000, 1_799_999_999_000, 1_800_000_000_001];
    const next = createSequencer(() => times.shift() ?? 0);
    const made = [next(), next(), next(), next()];
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(4);
    for (const sequencer of made) expect(sequencer).toMatch(/^[0-9A-F]{16}$/);
  });
});

describe('the inbox', () => {
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

  const put = (Key: string, Body = 'rows') => clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  /** Takes what is on the jobs queue now: an event is there before its writer has the answer. */
  async function drain(): Promise<unknown[]> {
    const QueueUrl = stack.environment[ENVIRONMENT.jobsQueueUrl] ?? '';
    const bodies: unknown[] = [];
    for (;;) {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(JSON.parse(Body ?? ''));
        await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  it('announces itself once by the test event', async () => {
    const [first, ...others] = await drain();
    expect(createParser('test event', S3TestEvent).parse(first)).toMatchObject({
      Event: 's3:TestEvent',
      Bucket,
    });
    expect(others).toEqual([]);
  });

  it.each(['two words', 'a+b', '100%', 'čaj 日本', 'date=2026-11-23/x'])(
    'tells of a file named %s',
    async (name) => {
      const key = `inbox/${name}.parquet`;
      const { ETag } = await put(key, 'some rows');
      const events = await drain();
      expect(events).toHaveLength(1);
      const [record] = eventParser.parse(events[0]).Records;
      expect(decodeURIComponent(record?.s3.object.key.replaceAll('+', ' ') ?? '')).toBe(key);
      expect(record).toMatchObject({
        eventVersion: '2.1',
        eventName: 'ObjectCreated:Put',
        awsRegion: 'us-east-1',
        s3: {
          bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
          object: {
            size: 9,
            eTag: ETag?.replaceAll('"', ''),
            sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
          },
        },
      });
    },
  );

  it('tells of the same file again with a later sequencer', async () => {
    await put('inbox/again.parquet');
    await put('inbox/again.parquet');
    const [first, second] = (await drain()).map((event) => eventParser.parse(event).Records[0]?.s3.object);
    expect(second?.eTag).toBe(first?.eTag);
    expect(String(second?.sequencer) > String(first?.sequencer)).toBe(true);
  });

  it('tells once of an upload in parts and of a copy', async () => {
    const Body = Buffer.alloc(6 * 2 ** 20);
    const Key = 'inbox/parts.parquet';
    await new Upload({ client: clients.s3, params: { Bucket, Key, Body }, partSize: 5 * 2 ** 20 }).done();
    const CopySource = `${Bucket}/inbox/again.parquet`;
    await clients.s3.send(new CopyObjectCommand({ Bucket, Key: 'inbox/copy.parquet', CopySource }));
    const records = (await drain()).flatMap((event) => eventParser.parse(event).Records);
    expect(records.map(({ eventName, s3 }) => [eventName, s3.object.key, s3.object.size])).toEqual([
      ['ObjectCreated:CompleteMultipartUpload', 'inbox/parts.parquet', Body.length],
      ['ObjectCreated:Put', 'inbox/copy.parquet', 4],
    ]);
  });

  it('is silent about other files and other folders', async () => {
    await put('inbox/notes.txt');
    await put('uploads/a.parquet');
    await put('grades/inbox/a.parquet');
    await clients.s3.send(
      new PutObjectCommand({ Bucket: RESOURCES.modelBucket, Key: 'inbox/a.parquet', Body: 'x' }),
    );
    expect(await drain()).toEqual([]);
  });
});
