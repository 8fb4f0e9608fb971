import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fleet, type FleetOptions, startFleet } from '../../../local/fleet/fleet.ts';
import { restartPauseMs } from '../../../local/fleet/worker-seat.ts';
import { WORKER_NODE_FLAGS } from '../../../schemas/worker-node-flags.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Of a machine that does other things too. */
const PATIENCE = { timeout: 20_000 } as const;

describe('the pause before a restart', () => {
  it('is none after a long life, doubles with each short one, and ends at half a minute', () => {
    expect([0, 1, 2, 3, 8, 50].map(restartPauseMs)).toEqual([0, 250, 500, 1000, 30_000, 30_000]);
  });
});

describe('a fleet', () => {
  let directory: string;
  let fleet: Fleet | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nutrisage-fleet-'));
  });
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (SCRIPT: string, options: Partial<FleetOptions> = {}): Promise<Fleet> => {
    const environment = { SCRIPT, ...options.environment };
    fleet = await startFleet({
      workers: 1,
      entry: file('./scripted-worker.ts'),
      directory,
      ...options,
      environment,
    });
    return fleet;
  };

  it('has as many ready workers as asked for, and stops them in order', async () => {
    const { pids, logFiles, stop } = await start('serve', { workers: 2 });
    expect(new Set(pids).size).toBe(2);
    expect(pids.every(isAlive)).toBe(true);
    await stop();
    expect(pids.some(isAlive)).toBe(false);
    for (const logFile of logFiles) expect(await readFile(logFile, 'utf8')).toBe('stopping in order\n');
  });

  it('starts workers with their options of Node', async () => {
    const { logFiles } = await start('tell its options');
    expect(await readFile(logFiles[0] ?? '', 'utf8')).toContain(WORKER_NODE_FLAGS.join(' '));
  });

  it('starts a worker again when it dies, and says how it ended', async () => {
    const said: string[] = [];
    const running = await start('serve', { workers: 2, report: (sentence) => said.push(sentence) });
    const [first = 0, second = 0] = running.pids;
    const unserved = { name: 'worker-2', metricsAddress: undefined };
    expect(running.members).toMatchObject([
      { name: 'worker-1' },
      { ...unserved, state: 'ready', pid: second },
    ]);
    running.kill(2, 'SIGKILL');
    await vi.waitFor(
      () => expect(running.members[1]).toEqual({ ...unserved, state: 'waiting', pid: undefined }),
      {
        interval: 5,
      },
    );
    const heir = await running.readyAfter(2, second);
    expect(running.members[1]).toEqual({ ...unserved, state: 'ready', pid: heir });
    expect(running.pids).toEqual([first, heir]);
    expect(isAlive(second)).toBe(false);
    expect(said).toEqual([
      `worker-2 (process ${second}) was ended by SIGKILL; its log ends with: (nothing). Started again in 0.25 s.`,
    ]);
  });

  it('takes workers on and lets the last ones go, each in order', async () => {
    const running = await start('serve');
    expect(running.readyCount).toBe(1);
    const [first = 0] = running.pids;
    running.resize(3);
    await expect.poll(() => running.readyCount, PATIENCE).toBe(3);
    const [, ...others] = running.pids;
    running.resize(1);
    expect(running.pids).toEqual([first]);
    await expect.poll(() => others.some(isAlive), PATIENCE).toBe(false);
    for (const logFile of running.logFiles.slice(1))
      expect(await readFile(logFile, 'utf8')).toBe('stopping in order\n');
    running.resize(2);
    await expect.poll(() => running.readyCount, PATIENCE).toBe(2);
    expect(running.logFiles).toHaveLength(3);
    running.resize(0);
    await expect.poll(() => isAlive(first), PATIENCE).toBe(false);
    expect(running.pids).toEqual([]);
  });

  it('gives the number of a worker that is leaving to nobody else, and waits for it at its stop', async () => {
    const running = await start('ignore SIGTERM', { workers: 2, stopSeconds: -4.5 });
    const [, second = 0] = running.pids;
    running.resize(1);
    running.resize(2);
    await expect
      .poll(() => running.logFiles.map((path) => basename(path)), PATIENCE)
      .toEqual(['worker-1.log', 'worker-2.log', 'worker-3.log']);
    expect(() => running.kill(2, 'SIGKILL')).toThrow('There is no worker 2; the fleet has 2.');
    await running.stop();
    expect(isAlive(second)).toBe(false);
    running.resize(5);
    expect(running.pids).toEqual([]);
  });

  it('does not start when a worker dies before it is ready, and gives the last line of its log', async () => {
    await expect(start('die at start', { workers: 2 })).rejects.toMatchObject({
      name: 'StackError',
      message: expect.stringMatching(
        /^worker-\d \(process \d+\) ended with code 3; .*: the queue URL is not set$/,
      ),
    });
  });

  it('kills what does not stop in its time', async () => {
    const said: string[] = [];
    const running = await start('ignore SIGTERM', {
      stopSeconds: -4.9,
      report: (sentence) => said.push(sentence),
    });
    const [pid = 0] = running.pids;
    await running.stop();
    expect(isAlive(pid)).toBe(false);
    expect(said.join()).toMatch(/^worker-1 did not end within 0\.\d+ s and is killed\.$/);
  });

  it('gives workers the stack’s settings and keeps the developer’s AWS ones from them', async () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('AWS_SESSION_TOKEN', 'secret');
    vi.stubEnv('ECS_AGENT_URI', 'http://ecs');
    // The one variable of ours that may be set where tests run.
    vi.stubEnv('NUTRISAGE_REAL_DATA', undefined);
    const NOTES = join(directory, 'notes');
    await start('note the environment', { environment: { NOTES, AWS_REGION: 'us-east-1' }, stopSeconds: 9 });
    expect((await readFile(NOTES, 'utf8')).split('\n').toSorted()).toEqual([
      '',
      'AWS_REGION=us-east-1',
      'NUTRISAGE_STOP_SECONDS=9',
      'NUTRISAGE_WORKER_NAME=worker-1',
    ]);
  });

  it('ends with its parent, even when that is killed', async () => {
    const owner = fork(file('./fleet-owner.ts'), [directory], { execArgv: [] });
    const [pids] = (await once(owner, 'message')) as [number[]];
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.some(isAlive)).toBe(false), { timeout: 10_000, interval: 20 });
    expect(await readFile(join(directory, 'logs', 'worker-1.log'), 'utf8')).toBe('stopping in order\n');
  });
});
