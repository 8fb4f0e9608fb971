import { describe, expect, it } from 'vitest';
import { queueJob } from '../../../core/jobs/queue-job.ts';
import { shardMessage } from '../../support/records.ts';

const facts = (body: string) => {
  const { name, opts } = queueJob(body);
  return [name, opts.jobId];
};

describe('a message as a job of the queue', () => {
  it('has the name of its shard, and another one for each redrive', () => {
    expect(facts(JSON.stringify(shardMessage({ shard: 12 })))).toEqual(['shard', '0123456789abcdef-12']);
    expect(facts(JSON.stringify(shardMessage({ shard: 12, redrive: 3 })))).toEqual([
      'shard',
      '0123456789abcdef-12-redrive-3',
    ]);
  });

  it.each([
    ['submission', '{"kind":"submission"}'],
    ['event', '{"Records":[]}'],
    ['shard', '{"kind":"shard"}'],
    ['unknown', '{"kind":"pancake"}'],
    ['unknown', '{}'],
    ['unknown', 'null'],
    ['unknown', 'not JSON'],
  ])('is a %s without a name of its own: %s', (name, body) => {
    expect(facts(body)).toEqual([name, undefined]);
  });

  it('carries the body as it is, and is given up by no count of the queue', () => {
    const { data, opts } = queueJob(' {"a": 1} ');
    expect(data).toEqual({ body: ' {"a": 1} ' });
    expect(opts).toMatchObject({ removeOnComplete: true, removeOnFail: false });
    expect(opts.attempts).toBeGreaterThan(1000);
  });
});
