import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import { ShardMessage } from '../../../schemas/messages.ts';
import { createParser } from '../../../schemas/parse.ts';
import { type InspectedFile, planFiles } from '../../../worker/planning/plan-files.ts';
import { INPUT, jobRecord } from '../../support/records.ts';
import { inspection } from '../fake-threads.ts';

const shards = createParser('the shard message', ShardMessage);
const failure = { code: 'damaged-parquet', message: 'It is damaged.', remedy: 'Write it again.' };

const readable = fc
  .array(fc.integer({ min: 0, max: 250 }), { minLength: 1, maxLength: 8 })
  .map((rows): InspectedFile => ({ input: INPUT, inspection: inspection(...rows) }));
const files = fc.array(fc.oneof({ weight: 4, arbitrary: readable }, fc.constant({ input: INPUT, failure })), {
  maxLength: 6,
});
const shardRows = fc.integer({ min: 1, max: 300 });

const rowsOf = (file: InspectedFile): number => ('inspection' in file ? file.inspection.rows : 0);

/** Numbers of the rows that the row groups of a shard hold, counted from the file's own footer. */
function rowsInGroups(
  file: InspectedFile | undefined,
  { first, count }: ShardMessage['rowGroups'],
): [number, number] {
  if (file === undefined || !('inspection' in file)) throw new Error('A shard is of a file that was read.');
  const sum = (end: number): number =>
    file.inspection.rowGroups.slice(0, end).reduce((rows, group) => rows + group.rows, 0);
  return [sum(first), sum(first + count)];
}

describe('the plan of a job’s files', () => {
  it('puts every row of every file in exactly one shard, numbered through the files', () => {
    fc.assert(
      fc.property(files, shardRows, (inspected, rowsAimedAt) => {
        const plan = planFiles(inspected, jobRecord({ shardRows: rowsAimedAt }));
        let next = 0;
        for (const message of plan.messages) {
          const fileStart = inspected.slice(0, message.file).reduce((rows, file) => rows + rowsOf(file), 0);
          const [start, end] = rowsInGroups(inspected[message.file], message.rowGroups);
          expect(message.firstRowNumber).toBe(next);
          expect(message.firstRowNumber).toBe(fileStart + start);
          expect(message.rows).toBe(end - start);
          next += message.rows;
        }
        expect(next).toBe(inspected.reduce((rows, file) => rows + rowsOf(file), 0));
        expect(plan.rows).toBe(next);
      }),
    );
  });

  it('numbers the shards through the files, as each file says of itself', () => {
    fc.assert(
      fc.property(files, shardRows, (inspected, rowsAimedAt) => {
        const plan = planFiles(inspected, jobRecord({ shardRows: rowsAimedAt }));
        expect(plan.messages.map(({ shard }) => shard)).toEqual([...plan.messages.keys()]);
        expect(plan.files).toHaveLength(inspected.length);
        for (const [number, file] of plan.files.entries()) {
          const own = plan.messages.filter((message) => message.file === number);
          expect(own.map(({ shard }) => shard)).toEqual(own.map((_, index) => file.firstShard + index));
          expect(file).toMatchObject({
            shards: own.length,
            rows: rowsOf(inspected[number] as InspectedFile),
          });
          expect(own[0]?.firstRowNumber ?? file.firstRowNumber).toBe(file.firstRowNumber);
        }
      }),
    );
  });

  it('makes messages that the queue’s readers take, whatever the plan', () => {
    const mapping = { columns: { sugars_100g: 'sugar' } };
    const job = jobRecord({ mapping, rules: '2021' });
    const { messages } = planFiles([{ input: INPUT, inspection: inspection(70, 70) }], job);
    expect(messages.map((message) => shards.parse(JSON.parse(JSON.stringify(message))))).toEqual(messages);
    expect(messages).toMatchObject([{ mapping, rules: '2021' }, { shard: 1 }]);
  });

  it('keeps the numbers of a lost file, and of the others beside it, and has no message of it', () => {
    fc.assert(
      fc.property(files, shardRows, fc.nat(5), (inspected, rowsAimedAt, index) => {
        const job = jobRecord({ shardRows: rowsAimedAt });
        const whole = planFiles(inspected, job);
        const [file, planned] = [inspected[index], whole.files[index]];
        fc.pre(file !== undefined && planned !== undefined && planned.failure === undefined);
        const reason = new NutrisageError('object-missing', 'It is gone.', 'Put it back.');
        const lost = planFiles(inspected.with(index, { input: file.input, planned, lost: reason }), job);
        expect(lost).toEqual({ ...whole, messages: whole.messages.filter((given) => given.file !== index) });
      }),
    );
  });

  it('keeps of a file that can not be read the reason alone', () => {
    const { files: planned, messages } = planFiles([{ input: INPUT, failure }], jobRecord());
    expect(messages).toEqual([]);
    expect(planned).toEqual([{ rows: 0, firstRowNumber: 0, firstShard: 0, shards: 0, failure }]);
  });
});
