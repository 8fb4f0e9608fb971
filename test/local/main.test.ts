import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_STACK_FILE, LocalStackFile } from '../../schemas/local-stack.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { writeHollowModel } from '../support/hollow-model.ts';

const MAIN = fileURLToPath(new URL('../../local/main.ts', import.meta.url));

describe('npm run local', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-main-'));
    await writeHollowModel(join(folder, 'model'), '1'.repeat(16));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const startWith = (
    environment: Readonly<Record<string, string>>,
    ...args: string[]
  ): ChildProcessWithoutNullStreams => {
    const common = ['--workers', '0', '--endpoint', 'none', '--port', '0', '--dir', join(folder, 'stack')];
    const env = { ...process.env, ...environment };
    const stack = spawn(process.execPath, [MAIN, ...common, ...args], { env });
    child = stack;
    return stack;
  };
  const start = (...args: string[]): ChildProcessWithoutNullStreams => startWith({}, ...args);
  /** The stack says where it runs once it stands. */
  const standing = async (stack: ChildProcessWithoutNullStreams): Promise<string> => {
    let said = '';
    for await (const chunk of stack.stdout.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      if (said.includes('Ctrl-C')) break;
    }
    return said;
  };

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'tells clients where it is, and stops in order on %s',
    async (signal) => {
      const stack = start('--model', join(folder, 'model'));
      const said = await standing(stack);
      const path = join(folder, 'stack', LOCAL_STACK_FILE);
      const file = createParser(LOCAL_STACK_FILE, LocalStackFile).parse(
        JSON.parse(await readFile(path, 'utf8')),
      );
      const { environment } = file;
      expect(file.pid).toBe(stack.pid);
      expect(said).toContain(`SQS and S3   ${environment['AWS_ENDPOINT_URL_SQS']}`);
      expect(said).toContain('npx nutrisage submit file.parquet --wait');
      expect(said.split('\n').length).toBeLessThan(14);
      const [, dashboard = ''] = /Dashboard {4}(\S+)/.exec(said) ?? [];
      const page = await fetch(dashboard);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>NutriSage')]);

      const sqs = new SQSClient({
        endpoint: environment['AWS_ENDPOINT_URL_SQS'] ?? '',
        region: environment['AWS_REGION'] ?? '',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      });
      const found = await sqs.send(new GetQueueUrlCommand({ QueueName: RESOURCES.jobsQueue }));
      expect(new URL(found.QueueUrl ?? '').pathname).toBe(
        new URL(environment[ENVIRONMENT.jobsQueueUrl] ?? '').pathname,
      );
      sqs.destroy();

      stack.kill(signal);
      expect(await once(stack, 'exit')).toEqual([0, null]);
      expect(await readdir(join(folder, 'stack'))).not.toContain(LOCAL_STACK_FILE);
    },
  );

  it('runs its queue on a Redis of its own, which ends with it', async () => {
    const stack = start('--model', join(folder, 'model'), '--queue', 'bullmq');
    const said = await standing(stack);
    const path = join(folder, 'stack', LOCAL_STACK_FILE);
    const { environment } = JSON.parse(await readFile(path, 'utf8')) as LocalStackFile;
    const url = environment[ENVIRONMENT.redisUrl] ?? '';
    expect(environment[ENVIRONMENT.queue]).toBe('bullmq');
    expect(said).toContain(`Redis        ${url}`);
    const redis = new Redis(url);
    expect(await redis.ping()).toBe('PONG');
    const gone = once(redis, 'close');
    redis.on('error', () => {});
    stack.kill('SIGTERM');
    expect(await once(stack, 'exit')).toEqual([0, null]);
    await gone;
    redis.disconnect();
  });

  it('says how to get a Redis where there is none', async () => {
    const settings = ['--model', join(folder, 'model'), '--queue', 'bullmq'];
    const stack = startWith({ PATH: folder }, ...settings);
    const [[code], said] = await Promise.all([once(stack, 'exit'), text(stack.stderr)]);
    expect(code).toBe(1);
    expect(said).toMatch(/^There is no redis-server on this machine\. Install it with `sudo apt-get install/);
  });

  it('says that the Redis at hand can not be reached', async () => {
    const settings = ['--model', join(folder, 'model'), '--queue', 'bullmq'];
    const stack = startWith({ [ENVIRONMENT.redisUrl]: 'redis://:secret@127.0.0.1:1' }, ...settings);
    const [[code], said] = await Promise.all([once(stack, 'exit'), text(stack.stderr)]);
    expect(code).toBe(1);
    expect(said).toMatch(
      /^The Redis at redis:\/\/127\.0\.0\.1:1 can not be reached\. Start it, or unset REDIS_URL/,
    );
  });

  it('says in one line why it cannot start', async () => {
    const stack = start('--model', join(folder, 'none'));
    const [[code], said] = await Promise.all([once(stack, 'exit'), text(stack.stderr)]);
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(`There is no model in ${join(folder, 'none')}`);
  });
});
