/** What anybody might put on the queue, or call a file: it is understood or refused, and nothing leaves its prefix. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asNutrisageError, NutrisageError } from '../../core/errors.ts';
import { decodeEventKey } from '../../core/jobs/event-key.ts';
import { inboxJobId } from '../../core/jobs/job-id.ts';
import { gradingSortKey, partKey } from '../../core/jobs/keys.ts';
import { encodeEventKey } from '../../local/stack/inbox-events.ts';
import { Mapping } from '../../schemas/mapping.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { createParser } from '../../schemas/parse.ts';
import { parseMessage, type Work } from '../../worker/messages/parse-message.ts';
import { INPUT, SUBMITTED_AT, shardMessage } from '../support/records.ts';

const RUNS = 5000;
const NASTY = [
  '../../x',
  '..',
  '%2e%2e%2f',
  'a\nb',
  '\u0000',
  '\u202e',
  '💥',
  '%',
  '+',
  '"',
  '{}',
  '__proto__',
  '',
];

/** Mostly what is right, with hostile values in its places. */
const hostileText = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 40 }));
const hostileNumber = fc.oneof(
  fc.constantFrom(-1, 0.5, Number.MAX_SAFE_INTEGER, 1e308, Number.NaN, Number.POSITIVE_INFINITY),
  fc.integer(),
);
const hostileValue = fc.oneof(hostileText, hostileNumber, fc.constant(null), fc.jsonValue());

function withHostileParts<T extends object>(right: T): fc.Arbitrary<object> {
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(right)), hostileValue, { maxKeys: 3 });
  return changes.map((changed) => ({ ...right, ...changed }));
}

const record = {
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  eventTime: SUBMITTED_AT,
  s3: { bucket: { name: 'data' }, object: { key: 'inbox/a.parquet', size: 1, eTag: 'abc', sequencer: '0A' } },
};
const submission = {
  kind: 'submission',
  version: 1,
  job: '0'.repeat(16),
  submittedAt: SUBMITTED_AT,
  inputs: [INPUT],
};
const body = fc.oneof(
  withHostileParts(shardMessage()).map((value) => JSON.stringify(value)),
  withHostileParts(submission).map((value) => JSON.stringify(value)),
  withHostileParts(record).map((value) => JSON.stringify({ Records: [value] })),
  withHostileParts(record.s3.object).map((object) =>
    JSON.stringify({ Records: [{ ...record, s3: { bucket: { name: 'data' }, object } }] }),
  ),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

describe('a message of whatever content', () => {
  it('is understood, or refused as malformed with a message of one line', () => {
    fc.assert(
      fc.property(body, (text) => {
        const work = understood(text);
        if (work instanceof NutrisageError) {
          const { code, disposition, message } = work;
          expect({ code, disposition }).toEqual({ code: 'malformed-message', disposition: 'fail' });
          expect(message.length).toBeLessThan(5000);
        } else if (work.kind === 'shard') expectInside(work.message);
      }),
      { numRuns: RUNS },
    );
  });

  it('that is nested deeply is refused, not a stack that overflows', () => {
    for (const text of ['['.repeat(100_000), `{"Records":${'['.repeat(50_000)}${']'.repeat(50_000)}}`]) {
      expect(() => parseMessage(text)).toThrow(expect.objectContaining({ code: 'malformed-message' }));
    }
  });
});

function understood(text: string): Work | NutrisageError {
  try {
    return parseMessage(text);
  } catch (thrown) {
    return asNutrisageError(thrown);
  }
}

function expectInside(message: ShardMessage): void {
  for (const dataset of ['grades', 'rejects'] as const) {
    expect(partKey(dataset, message)).toMatch(
      /^(grades|rejects)\/date=\d{4}-\d{2}-\d{2}\/job=[0-9a-f]{16}\/\d{4,}-\d{6,}\.parquet$/,
    );
  }
  expect(gradingSortKey(message.submittedAt, message.job, message.firstRowNumber)).not.toMatch(/[\n/]/);
}

describe('a key of whatever name', () => {
  it('comes back from an event as it was put', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        expect(decodeEventKey(encodeEventKey(key))).toBe(key);
      }),
      { numRuns: RUNS },
    );
  });

  it('is never a part of where outputs lie: a job’s name is a hash', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (bucket, key) => {
        expect(inboxJobId({ bucket, key, etag: 'abc', sequencer: '1' })).toMatch(/^[0-9a-f]{16}$/);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a mapping of whatever content', () => {
  it('is taken or refused, and changes no prototype', () => {
    const parser = createParser('the mapping', Mapping);
    const column = fc.oneof(hostileText, fc.record({ column: hostileText, unit: hostileText }), hostileValue);
    const columns = fc.dictionary(fc.oneof(hostileText, fc.constant('sugars_100g')), column);
    fc.assert(
      fc.property(columns, (given) => {
        const text = JSON.stringify({ columns: given });
        try {
          parser.parse(JSON.parse(text));
        } catch (error) {
          expect(error).toHaveProperty('name', 'SchemaError');
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
