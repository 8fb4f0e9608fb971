import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
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

  const start = (...args: string[]): ChildProcessWithoutNullStreams => {
    const common = ['--workers', '0', '--endpoint', 'none', '--port', '0', '--dir', join(folder, 'stack')];
    const stack = spawn(process.execPath, [MAIN, ...common, ...args]);
    child = stack;
    return stack;
  };
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
      // Nothing scrolls away before it is read.
      expect(said.split('\n').length).toBeLessThan(16);
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

  it('says in one line why it cannot start', async () => {
    const stack = start('--model', join(folder, 'none'));
    const [[code], said] = await Promise.all([once(stack, 'exit'), text(stack.stderr)]);
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(`There is no model in ${join(folder, 'none')}`);
  });
});
