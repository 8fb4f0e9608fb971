/** Which queue carries the work, and where it is. */
import { ENVIRONMENT } from '../../schemas/names.ts';
import { isRedisAddress, QUEUE_KINDS } from '../../schemas/redis-queue.ts';
import type { SettingsReader } from '../settings.ts';

export type QueueSettings =
  | { readonly kind: 'sqs'; readonly jobsQueueUrl: string; readonly deadLetterQueueUrl: string }
  | { readonly kind: 'bullmq'; readonly redisUrl: string };

export function readQueueSettings(read: SettingsReader): QueueSettings {
  const kind = read.choice(ENVIRONMENT.queue, 'sqs', QUEUE_KINDS);
  if (kind === 'sqs') {
    return {
      kind,
      jobsQueueUrl: read.required(
        ENVIRONMENT.jobsQueueUrl,
        'the URL of the SQS queue that carries shards and inbox events',
      ),
      deadLetterQueueUrl: read.required(ENVIRONMENT.deadLetterQueueUrl, 'the URL of its dead-letter queue'),
    };
  }
  const redisUrl = read.required(ENVIRONMENT.redisUrl, 'the address of the Redis that carries the work');
  // Not shown: there may be a password in it.
  if (redisUrl !== '' && !isRedisAddress(redisUrl))
    read.fault(`${ENVIRONMENT.redisUrl} is no redis:// or rediss:// address.`);
  return { kind, redisUrl };
}
