/** What every adapter of the queues must do for the command; `test/producer/adapters` runs it on each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetterQueue, JobsQueue } from '../../producer/commands/ports.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../../schemas/names.ts';
import { shardMessage } from '../support/records.ts';

export interface QueuesUnderTest {
  readonly jobsQueue: JobsQueue;
  readonly deadLetters: DeadLetterQueue;
  /** Sends bodies to the jobs queue and has a worker give each up, for this reason. */
  bury(bodies: readonly string[], failure: Failure): Promise<void>;
  /** Bodies on the jobs queue, which need not stay there. */
  waiting(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const FAILURE: Failure = { code: 'object-changed', message: 'It was replaced.', remedy: 'Submit it again.' };
const shard = (changes: Partial<ShardMessage>): string => JSON.stringify(shardMessage(changes));

export function describeDeadLetters(name: string, start: () => Promise<QueuesUnderTest>): void {
  describe(`dead letters on ${name}`, () => {
    let subject: QueuesUnderTest;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());
    const bodies = async (): Promise<string[]> => {
      const messages = await subject.deadLetters.receiveAll();
      await subject.deadLetters.release(messages);
      return messages.map(({ body }) => body).sort();
    };

    it('come with body, reason and time, again and again', async () => {
      const sent = Array.from({ length: 12 }, (_, index) => shard({ shard: index })).sort();
      await subject.bury(sent, FAILURE);
      const first = await subject.deadLetters.receiveAll();
      await subject.deadLetters.release(first);
      expect(first.map(({ body }) => body).sort()).toEqual(sent);
      expect(first[0]?.attributes).toEqual({
        [DEAD_LETTER_ATTRIBUTES.code]: FAILURE.code,
        [DEAD_LETTER_ATTRIBUTES.message]: FAILURE.message,
        [DEAD_LETTER_ATTRIBUTES.remedy]: FAILURE.remedy,
      });
      expect(Math.abs(Date.now() - Date.parse(first[0]?.buriedAt ?? ''))).toBeLessThan(60_000);
      await expect.poll(bodies, { timeout: 5000 }).toEqual(sent);
    });

    it('go back to the jobs queue when they are sent before they are removed', async () => {
      const submission = '{"kind":"submission","again":"the same body"}';
      await subject.bury([shard({ shard: 1 }), shard({ shard: 2 }), submission], FAILURE);
      const messages = await subject.deadLetters.receiveAll();
      const chosen = messages.filter(({ body }) => body !== shard({ shard: 2 }));
      await subject.jobsQueue.send(shard({ shard: 1, redrive: 1 }));
      await subject.jobsQueue.send(submission);
      await subject.deadLetters.remove(chosen);
      await subject.deadLetters.release(messages.filter((message) => !chosen.includes(message)));
      await expect.poll(bodies, { timeout: 5000 }).toEqual([shard({ shard: 2 })]);
      const waiting = await subject.waiting();
      expect([...waiting].sort()).toEqual([shard({ shard: 1, redrive: 1 }), submission].sort());
    });

    it('are none in an empty queue, and removing none is no fault', async () => {
      expect(await subject.deadLetters.receiveAll()).toEqual([]);
      await subject.deadLetters.remove([]);
      await subject.deadLetters.release([]);
    });
  });
}
