import { execFile } from 'node:child_process';
import { PerformanceObserver } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WORKER_NODE_FLAGS } from '../../schemas/worker-node-flags.ts';
import { collectGarbage, collectTask } from '../../worker/collect-garbage.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('garbage', () => {
  it('of the event loop is collected by the clock until it stops', () => {
    vi.useFakeTimers();
    const collect = vi.fn();
    const stop = collectGarbage(collect);
    vi.advanceTimersByTime(30_000);
    expect(collect).toHaveBeenCalledTimes(3);
    stop();
    vi.advanceTimersByTime(30_000);
    expect(collect).toHaveBeenCalledTimes(3);
  });

  it('of the event loop is collected when V8 is asked to measure it', async () => {
    const collected = Promise.withResolvers<void>();
    const observer = new PerformanceObserver(() => collected.resolve());
    observer.observe({ entryTypes: ['gc'] });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stop = collectGarbage();
    vi.advanceTimersByTime(10_000);
    await collected.promise;
    stop();
    observer.disconnect();
  });

  it('of a task is collected where it is young', () => {
    const collect = vi.fn();
    collectTask(collect);
    expect(collect.mock.calls).toEqual([[{ type: 'minor' }]]);
  });

  it('of a task can be collected in a worker with the options that it is started with', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...WORKER_NODE_FLAGS,
      '--print',
      'typeof globalThis.gc',
    ]);
    expect(stdout.trim()).toBe('function');
  });
});
