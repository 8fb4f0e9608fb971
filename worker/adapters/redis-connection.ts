/** A connection to the Redis that holds the jobs queue, and whether that Redis may hold it. */
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
const CONNECTION_MS = 5000;
/** Without a byte; above the 10 s that a blocked read of an empty queue is silent. */
const SILENCE_MS = 30_000;
/** What BullMQ asks for. */
const VERSION_MIN = [6, 2] as const;

export interface RedisConnection {
  readonly redis: Redis;
  /** Ends it and every connection that was made from it, without waiting for a Redis that is away. */
  giveUp(): void;
}

/**
 * Connects and stays connected: a call waits for a Redis that is away instead of failing, since neither taking nor
 * settling can go on without it. What is wrong is logged once for each time that it goes away.
 */
export function connectToRedis(url: string, log: Logger): RedisConnection {
  const family: Redis[] = [];
  let isGivenUp = false;
  const adopt = (redis: Redis): Redis => {
    family.push(redis);
    // One that BullMQ has let go may still be trying to reconnect, and ioredis prints errors that nobody hears.
    redis.on('error', () => {});
    redis.on('connect', () => {
      if (isGivenUp) redis.disconnect();
    });
    // BullMQ makes a second one for reads that block.
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (changes) => adopt(duplicate(changes));
    return redis;
  };
  const redis = adopt(
    new Redis(url, {
      maxRetriesPerRequest: null,
      connectTimeout: CONNECTION_MS,
      socketTimeout: SILENCE_MS,
      retryStrategy: (attempt) => (isGivenUp ? null : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * attempt)),
    }),
  );
  logAbsences(redis, withoutPassword(url), log);
  return {
    redis,
    giveUp() {
      isGivenUp = true;
      // One between two tries ends at the next: disconnected now, it would leave its calls without an answer.
      for (const each of family) if (each.status !== 'reconnecting') each.disconnect();
    },
  };
}

function logAbsences(redis: Redis, place: string, log: Logger): void {
  let isAway = false;
  redis.on('error', (error) => {
    if (!isAway) log.warn({ err: error }, `Redis at ${place} can not be reached; it is tried again`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info(`Redis at ${place} is reached again`);
    isAway = false;
  });
}

/** The address for people: logs must not carry what opens the queue. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

/** What makes a Redis unfit to hold a queue, and what puts the queue at risk; pure, from what `INFO` says. */
export function judgeRedis(info: string): {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
} {
  const said = new Map(
    info.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)] as const;
    }),
  );
  const faults: string[] = [];
  const policy = said.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    faults.push(
      `its maxmemory-policy is ${policy}, by which a full Redis throws messages away: set maxmemory-policy noeviction`,
    );
  }
  const version = said.get('redis_version') ?? '';
  if (isBelow(version, VERSION_MIN)) {
    faults.push(`its version is ${version}: the queue needs ${VERSION_MIN.join('.')} or later`);
  }
  if (said.get('role') === 'slave') faults.push('it is a replica, which takes no writes: name its primary');
  const warnings =
    said.get('aof_enabled') === '0'
      ? ['it keeps no append-only file, so a restart loses messages: set appendonly yes']
      : [];
  return { faults, warnings };
}

function isBelow(version: string, [major, minor]: readonly [number, number]): boolean {
  const [hasMajor = Number.NaN, hasMinor = 0] = version.split('.').map(Number);
  return hasMajor < major || (hasMajor === major && hasMinor < minor);
}
