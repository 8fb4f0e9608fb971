/** Who may call, and what they may spend. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client, Keyring } from '../keys/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request has; undefined where none is asked for. */
    client: Client | undefined;
  }
}

const BEARER = /^bearer +(\S+) *$/i;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="nutrisage"' } as const;

/** @throws {ProblemError} `key-missing`, `key-unknown` */
export function authenticate(keys: Keyring, { headers }: FastifyRequest): Client {
  const { authorization, 'x-api-key': plain } = headers;
  const key = authorization === undefined ? plain : BEARER.exec(authorization)?.[1];
  if (typeof key !== 'string' || key === '') throw new ProblemError('key-missing', { headers: CHALLENGE });
  const client = keys.clientOf(key);
  if (client === undefined) throw new ProblemError('key-unknown', { headers: CHALLENGE });
  return client;
}

/** Takes what a request costs, in items, from who sent it. @throws {ProblemError} `rate-limited` */
export type Spend = (request: FastifyRequest, reply: FastifyReply, items: number) => void;

/**
 * Takes items from the client's allowance and says what is left of it, in the headers of the IETF's draft (RateLimit,
 * RateLimit-Policy). @throws {ProblemError} `rate-limited`
 */
export function spendItems(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
  items: number,
): void {
  const { client } = request;
  if (client === undefined) return;
  const { isSpent, remaining, seconds } = limiter.spend(client, items);
  const headers = {
    'ratelimit-policy': `"items";q=${client.itemsPerMinute};w=60`,
    ratelimit: `"items";r=${remaining};t=${seconds}`,
  };
  if (!isSpent) {
    reply.headers(headers);
    return;
  }
  throw new ProblemError('rate-limited', {
    detail: `All of ${client.itemsPerMinute} items a minute are spent: wait ${seconds} s.`,
    headers: { ...headers, 'retry-after': String(seconds) },
  });
}
