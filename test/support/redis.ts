/** A real Redis for one test file: a free port, a folder of its own, gone when it is closed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type RedisServer,
  type RedisServerOptions,
  startRedisServer,
} from '../../local/stack/redis-server.ts';

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Killed, as its machine would be, and started again on the same port with what it had written. */
  restart(awayMs?: number): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestRedis(options: Partial<RedisServerOptions> = {}): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'nutrisage-redis-'));
  let server: RedisServer = await startRedisServer({ directory, ...options });
  const { port, url } = server;
  const kill = () => server.kill();
  const start = async (): Promise<void> => {
    server = await startRedisServer({ directory, ...options, port });
  };
  return {
    port,
    url,
    kill,
    start,
    async restart(awayMs = 0) {
      await kill();
      if (awayMs > 0) await new Promise((resolve) => setTimeout(resolve, awayMs));
      await start();
    },
    async close() {
      await server.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
