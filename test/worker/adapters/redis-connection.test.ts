import { describe, expect, it } from 'vitest';
import { judgeRedis, withoutPassword } from '../../../worker/adapters/redis-connection.ts';

const info = (changes: Readonly<Record<string, string>> = {}): string => {
  const said = {
    redis_version: '7.0.15',
    maxmemory_policy: 'noeviction',
    aof_enabled: '1',
    role: 'master',
    ...changes,
  };
  const lines = Object.entries(said).map(([name, value]) => `${name}:${value}`);
  return ['# Server', ...lines, ''].join('\r\n');
};

describe('judging a Redis', () => {
  it('finds nothing in one that evicts nothing and keeps a file', () => {
    expect(judgeRedis(info())).toEqual({ faults: [], warnings: [] });
  });

  it.each([
    ['maxmemory_policy', 'allkeys-lru', /maxmemory-policy is allkeys-lru.*set maxmemory-policy noeviction/],
    ['maxmemory_policy', 'volatile-ttl', /volatile-ttl/],
    ['redis_version', '6.0.16', /version is 6\.0\.16.*6\.2 or later/],
    ['redis_version', '5.0.7', /version/],
    ['role', 'slave', /replica/],
  ])('refuses one whose %s is %s', (name, value, sentence) => {
    const { faults } = judgeRedis(info({ [name]: value }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(sentence);
  });

  it('warns of one that loses its messages with its process', () => {
    const { faults, warnings } = judgeRedis(info({ aof_enabled: '0' }));
    expect(faults).toEqual([]);
    expect(warnings[0]).toContain('appendonly yes');
  });
});

it('shows an address without what opens it', () => {
  expect(withoutPassword('rediss://user:secret@redis.example:6380/2')).toBe('rediss://redis.example:6380/2');
  expect(withoutPassword('redis://127.0.0.1:6379')).toBe('redis://127.0.0.1:6379');
});
