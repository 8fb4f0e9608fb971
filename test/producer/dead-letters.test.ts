import { expect, it } from 'vitest';
import { groupDeadLetters } from '../../producer/commands/dead-letters.ts';

it('names the file of an inbox event as the worker looks for it, a lone percent sign included', () => {
  const object = { key: 'inbox/50%+off.parquet' };
  const s3 = { bucket: { name: 'data' }, object };
  const body = JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3 }] });
  const message = { id: '1', receipt: '1', body, attributes: {}, buriedAt: undefined };
  expect(groupDeadLetters([message])[0]?.files).toEqual(['s3://data/inbox/50% off.parquet']);
});
