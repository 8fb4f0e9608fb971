import type { Logger } from 'pino';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { ConfigError } from '../settings.ts';
import { createBullmqQueueDepths } from './bullmq-queue-depths.ts';
import { createBullmqWorkQueue, openQueue } from './bullmq-work-queue.ts';
import type { OpenQueue } from './open-queue.ts';
import { connectToRedis, judgeRedis, withoutPassword } from './redis-connection.ts';

export function openBullmqQueue(options: {
  readonly url: string;
  readonly visibilitySeconds: number;
  readonly receivesMax: number;
  readonly log: Logger;
}): OpenQueue & { /** Whether Redis is there now. */ isReady(): boolean } {
  const { url, log } = options;
  const connection = connectToRedis(url, log);
  return {
    queue: createBullmqWorkQueue({ ...options, connection }),
    depths: createBullmqQueueDepths(openQueue(connection.redis), Date.now),
    async check() {
      const place = `${ENVIRONMENT.redisUrl} is ${withoutPassword(url)}`;
      const { faults, warnings } = judgeRedis(await connection.redis.info());
      if (faults.length > 0) {
        throw new ConfigError(
          'worker',
          faults.map((fault) => `${place}: ${fault}.`),
        );
      }
      for (const warning of warnings) log.warn(`${place}: ${warning}`);
    },
    isReady: () => connection.redis.status === 'ready',
    close: () => connection.giveUp(),
  };
}
