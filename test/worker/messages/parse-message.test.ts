import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import { createdEvent } from '../../../local/stack/inbox-events.ts';
import type { SubmissionMessage } from '../../../schemas/messages.ts';
import { parseMessage } from '../../../worker/messages/parse-message.ts';
import { INPUT, JOB, SUBMITTED_AT, shardMessage } from '../../support/records.ts';

const submission: SubmissionMessage = {
  kind: 'submission',
  version: 1,
  job: JOB,
  submittedAt: SUBMITTED_AT,
  inputs: [INPUT],
};

const parse = (value: unknown) => parseMessage(JSON.stringify(value));

/** As Amazon S3 documents it, with the fields that are not read. */
function s3Record(eventName: string, object: object = {}): object {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime: '2026-11-23T10:00:00.123Z',
    eventName,
    userIdentity: { principalId: 'AWS:AIDAEXAMPLE' },
    requestParameters: { sourceIPAddress: '192.0.2.1' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'inbox',
      bucket: {
        name: 'nutrisage-data',
        ownerIdentity: { principalId: 'A3NL1KOZZKExample' },
        arn: 'arn:aws:s3:::nutrisage-data',
      },
      object: {
        key: 'inbox/a+shop.parquet',
        size: 1024,
        eTag: 'd41d8cd98f00b204e9800998ecf8427e',
        sequencer: '0055AED6DCD90281E5',
        ...object,
      },
    },
  };
}

function malformedReason(body: string): string {
  try {
    parseMessage(body);
  } catch (error) {
    expect(error).toMatchObject({ code: 'malformed-message', disposition: 'fail' });
    return (error as NutrisageError).message;
  }
  throw new Error('The message was understood.');
}

describe('a message', () => {
  it('is a shard', () => {
    const message = shardMessage({ mapping: { columns: { sugars_100g: 'sugar' } }, redrive: 2 });
    expect(parse(message)).toEqual({ kind: 'shard', message });
  });

  it('is a submission', () => {
    expect(parse(submission)).toEqual({ kind: 'submission', message: submission });
  });

  it('is an event of S3 with what arrived', () => {
    const records = [s3Record('ObjectCreated:Put'), s3Record('ObjectCreated:CompleteMultipartUpload')];
    expect(parse({ Records: records })).toEqual({ kind: 'inbox', arrivals: records });
  });

  it('is an event as the embedded stack writes it', () => {
    const object = { bucket: 'b', key: 'inbox/x.parquet', etag: '"abc"', contentLength: 5 };
    const event = createdEvent(object as never, { sequencer: '01', at: new Date(SUBMITTED_AT) });
    expect(parse(event)).toMatchObject({ kind: 'inbox', arrivals: [{ s3: { object: { eTag: 'abc' } } }] });
  });

  it('is nothing to do where S3 tries the notification out', () => {
    const event = {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: '2026-11-23T10:00:00.000Z',
      Bucket: 'nutrisage-data',
      RequestId: '5582815E1AEA5ADF',
      HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR',
    };
    expect(parse(event)).toEqual({ kind: 'nothing' });
  });

  it.each([
    'ObjectRemoved:Delete',
    'ObjectRemoved:DeleteMarkerCreated',
    'ObjectRestore:Completed',
    's3:LifecycleExpiration:Delete',
  ])('is nothing to do where S3 tells of %s', (eventName) => {
    expect(parse({ Records: [s3Record(eventName, { size: undefined, eTag: undefined })] })).toEqual({
      kind: 'nothing',
    });
  });

  it('is only what arrived, where an event tells of arrivals and removals', () => {
    const records = [s3Record('ObjectRemoved:Delete'), s3Record('s3:ObjectCreated:Copy')];
    expect(parse({ Records: records })).toEqual({ kind: 'inbox', arrivals: [records[1]] });
  });

  it.each([
    ['empty', '', 'it is not JSON'],
    ['text', 'grade this, please', 'it is not JSON'],
    ['cut off', JSON.stringify(shardMessage()).slice(0, -1), 'it is not JSON'],
    ['null', 'null', 'it is not a JSON object'],
    ['a number', '7', 'it is not a JSON object'],
    ['a list', '[]', 'its kind is missing'],
    ['without a kind', '{}', 'its kind is missing'],
    ['of another kind', '{"kind":"order"}', 'its kind is "order"'],
    ['of a kind that is no text', '{"kind":{"a":1}}', 'its kind is no text'],
    ['an event without records', '{"Records":[]}', 'the S3 event is not as expected'],
    [
      'an event of another service',
      '{"Records":[{"eventSource":"aws:sns"}]}',
      'the S3 event is not as expected',
    ],
  ])('is malformed when it is %s', (_, body, reason) => {
    expect(malformedReason(body)).toContain(reason);
  });

  it.each([
    ['the version', { version: 2 }],
    ['the job', { job: 'JOB' }],
    ['the shard', { shard: -1 }],
    ['the row groups', { rowGroups: { first: 0, count: 0 } }],
    ['the submission time', { submittedAt: 'yesterday' }],
    ['a day that no calendar has', { submittedAt: '2026-13-45T10:00:00.000Z' }],
    ['the model', { modelVersion: 'none' }],
    ['the rules', { rules: '1999' }],
    ['something more', { priority: 1 }],
  ])('is malformed when a shard is wrong in %s', (_, change) => {
    expect(malformedReason(JSON.stringify({ ...shardMessage(), ...change }))).toContain('the shard message');
  });

  it('is malformed when a submission has no files', () => {
    expect(malformedReason(JSON.stringify({ ...submission, inputs: [] }))).toContain('/inputs');
  });

  it('is malformed, and no more, when it is nested very deeply', () => {
    const depth = 100_000;
    expect(malformedReason(`{"kind":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toContain('its kind');
  });

  it('is work or malformed, whatever JSON it is', () => {
    const almost = fc.record(
      {
        kind: fc.oneof(fc.constantFrom('shard', 'submission'), fc.jsonValue()),
        Records: fc.oneof(fc.constant([s3Record('ObjectCreated:Put')]), fc.array(fc.jsonValue())),
        version: fc.constantFrom(1, '1'),
        inputs: fc.jsonValue(),
        Event: fc.constantFrom('s3:TestEvent', 7),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          almost.map((value) => JSON.stringify(value)),
        ),
        (body) => {
          try {
            expect(['shard', 'submission', 'inbox', 'nothing']).toContain(parseMessage(body).kind);
          } catch (error) {
            expect(error).toBeInstanceOf(NutrisageError);
            expect(error).toMatchObject({ code: 'malformed-message' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
