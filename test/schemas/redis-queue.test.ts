import { expect, it } from 'vitest';
import { isRedisAddress } from '../../schemas/redis-queue.ts';

it.each([
  'redis://127.0.0.1:6379',
  'redis://:secret@redis',
  'rediss://user:secret@redis.example:6380/2',
  'redis://[::1]:6379/',
])('takes %s for the address of a Redis', (text) => {
  expect(isRedisAddress(text)).toBe(true);
});

it.each(['', 'redis.example:6379', 'http://redis.example', 'redis://', 'redis:// a', 'redis://host/name'])(
  'does not take "%s" for one',
  (text) => {
    expect(isRedisAddress(text)).toBe(false);
  },
);
