/** compose.yaml against the names that the programs read, and what Redis must be told. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WORKER_COMMAND } from '../../cdk/programs.ts';
import { readCommand } from '../../image/dockerfile.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { WORKER_NODE_FLAGS } from '../../schemas/worker-node-flags.ts';
import { readConfig } from '../../worker/config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const compose = readFileSync(join(ROOT, 'compose.yaml'), 'utf8');
const block = /^x-services: &services\n((?: {2}.*\n)+)/m.exec(compose)?.[1] ?? '';
const variables = Object.fromEntries(
  [...block.matchAll(/^ {2}(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

describe('the compose file', () => {
  it('gives the programs variables that they read', () => {
    const known: readonly string[] = Object.values(ENVIRONMENT);
    const ours = Object.keys(variables).filter((name) => !name.startsWith('AWS_'));
    expect(ours.length).toBeGreaterThan(4);
    for (const name of ours) expect(known).toContain(name);
  });

  it('is a whole configuration of a worker, on the resources that are made', () => {
    expect(readConfig(variables, 1)).toMatchObject({
      queue: { kind: 'bullmq', redisUrl: 'redis://redis:6379' },
      dataBucket: RESOURCES.dataBucket,
      modelBucket: RESOURCES.modelBucket,
      gradesTable: RESOURCES.gradesTable,
      jobsTable: RESOURCES.jobsTable,
    });
  });

  it('names programs and images that there are', () => {
    const programs = [...compose.matchAll(/(?:command: node|dockerfile:)(?: --\S+)* (\S+)/g)].map(
      ([, path = '']) => path,
    );
    expect(programs).toHaveLength(4);
    for (const path of programs) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it('starts a worker as the image and the template do', () => {
    const [, flags = ''] = /command: node(.*) worker\/main\.ts/.exec(compose) ?? [];
    expect(flags.trim().split(' ')).toEqual(WORKER_NODE_FLAGS);
    const image = readFileSync(join(ROOT, 'image/worker.Dockerfile'), 'utf8');
    const command = readCommand(/^CMD .*$/m.exec(image)?.[0] ?? '');
    expect(command).toEqual(WORKER_COMMAND);
  });

  it('has a Redis that evicts nothing and keeps a file, in a volume', () => {
    expect(compose).toMatch(/redis-server .*--appendonly yes .*--maxmemory-policy noeviction/);
    expect(compose).toContain("['redis:/data']");
  });
});
