/** A Redis of the stack's own, as a child process: for those who have none at hand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { lastLine } from '../fleet/last-line.ts';
import { LOOPBACK } from './addresses.ts';
import { freePort } from './free-port.ts';
import { StackError } from './stack-error.ts';

export interface RedisServerOptions {
  /** Where its append-only file and its log lie; made where it is missing. */
  readonly directory: string;
  /** 0 for any free one. @default 0 */
  readonly port?: number;
  /** @default noeviction, the one that a queue may have */
  readonly maxmemoryPolicy?: string;
  /** Whether it keeps an append-only file. @default true */
  readonly isDurable?: boolean;
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Fulfilled with the reason when it ends by itself. */
  readonly died: Promise<StackError>;
  /** SIGTERM, by which it writes out what it has; fulfilled when it is gone. Later calls await the first. */
  stop(): Promise<void>;
  /** SIGKILL, as a machine dies; fulfilled when it is gone. */
  kill(): Promise<void>;
}

export const REDIS_INSTALL =
  'Install it with `sudo apt-get install redis-server` or `brew install redis`, or name a running one in REDIS_URL.';

/** Loading a large append-only file takes its time. */
const START_MS_MAX = 30_000;
const LOOK_MS = 10;

/** @throws {StackError} when there is no such program, or when it ends before it answers. */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true });
  // Redis itself can not be asked for any.
  const port = options.port || (await freePort());
  const logFile = join(directory, 'redis.log');
  const settings = {
    port: String(port),
    bind: LOOPBACK,
    dir: directory,
    logfile: logFile,
    // A snapshot would be a second copy of what the append-only file has.
    save: '',
    appendonly: options.isDurable === false ? 'no' : 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': options.maxmemoryPolicy ?? 'noeviction',
  };
  const child = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    // Its own process group: Ctrl-C in a terminal reaches the stack alone, which stops its parts in order.
    { stdio: 'ignore', detached: true },
  );
  const ended = endOf(child, logFile);
  await untilUp(port, ended).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  let isStopping = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    isStopping = true;
    child.kill(signal);
    await ended;
  };
  return {
    port,
    url: `redis://${LOOPBACK}:${port}`,
    pid: child.pid ?? 0,
    died: ended.then((reason) => (isStopping ? new Promise<StackError>(() => {}) : reason)),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** How it ended, never rejected. */
async function endOf(child: ChildProcess, logFile: string): Promise<StackError> {
  try {
    const [code, signal] = await once(child, 'exit');
    const how = signal === null ? `code ${code}` : signal;
    return new StackError(`redis-server ended by ${how}: ${lastLine(logFile)}`, `Read ${logFile}.`);
  } catch (cause) {
    return new StackError('There is no redis-server on this machine.', REDIS_INSTALL, { cause });
  }
}

/** @throws {StackError} what ended it before it had loaded what it kept. */
async function untilUp(port: number, ended: Promise<StackError>): Promise<void> {
  const redis = new Redis(port, LOOPBACK, { maxRetriesPerRequest: null, retryStrategy: () => LOOK_MS });
  redis.on('error', () => {});
  const late = pause(START_MS_MAX, undefined, { ref: false }).then(
    () => new StackError(`redis-server does not answer after ${START_MS_MAX / 1000} s.`, 'Read its log.'),
  );
  try {
    const early = await Promise.race([ended, late, redis.ping()]);
    if (early instanceof StackError) throw early;
  } finally {
    redis.disconnect();
  }
}
