import { createBullmqQueues } from '../../producer/adapters/bullmq-queues.ts';
import { type DeadLetter, groupDeadLetters } from '../../producer/commands/dead-letters.ts';
import { RESOURCES } from '../../schemas/names.ts';
import type { QueueDepths } from '../../worker/metrics/process-watch.ts';
import type { QueueAndObjectServer } from '../stack/queue-and-object-server.ts';
import type { HeldMessage, QueueLook } from '../stack/queue-look.ts';
import type { QueueReading } from './reading.ts';

/** So many of the dead letters are told one by one. */
const LETTERS_MAX = 20;

/** The embedded queues as they stand; nothing is taken from them. @throws {Error} while they are not there. */
export function readQueue(store: Pick<QueueAndObjectServer, 'lookAt'>): QueueReading {
  const jobs = lookAt(store, RESOURCES.jobsQueue);
  const dead = lookAt(store, RESOURCES.deadLetterQueue);
  return {
    waiting: jobs.waiting,
    inFlight: jobs.inFlight,
    dead: dead.waiting + dead.inFlight,
    oldestSeconds: jobs.oldestSeconds,
    letters: lettersOf(dead.first(LETTERS_MAX)),
  };
}

function lookAt(store: Pick<QueueAndObjectServer, 'lookAt'>, queue: string): QueueLook {
  const look = store.lookAt(queue);
  if (look === undefined) throw new Error(`there is no queue ${queue}`);
  return look;
}

function lettersOf(messages: readonly HeldMessage[]): readonly DeadLetter[] {
  return groupDeadLetters(
    messages.map(({ messageId, body, messageAttributes, sentTimestamp }) => ({
      id: messageId,
      // Nothing was received, so nothing can be deleted by it.
      receipt: '',
      body,
      attributes: Object.fromEntries(
        Object.entries(messageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
      ),
      buriedAt: new Date(sentTimestamp).toISOString(),
    })),
  );
}

export interface QueueReader {
  read(): QueueReading | Promise<QueueReading>;
  close(): void;
}

/** The same of a queue on Redis. */
export function createRedisQueueReader(depths: () => Promise<QueueDepths>, url: string): QueueReader {
  const queues = createBullmqQueues(url);
  return {
    async read() {
      const [{ waiting, inFlight, dead, oldestSeconds }, letters] = await Promise.all([
        depths(),
        queues.firstDeadLetters(LETTERS_MAX),
      ]);
      const isEmpty = waiting + inFlight === 0;
      return {
        waiting,
        inFlight,
        dead,
        oldestSeconds: isEmpty ? undefined : oldestSeconds,
        letters: groupDeadLetters(letters),
      };
    },
    close: () => queues.close(),
  };
}
