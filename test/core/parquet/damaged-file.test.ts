import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { duckDbParquet } from './parquet-files.ts';

/** Places of damage tried; most end the thread, and a new one takes 0.3 s. */
const DAMAGES = 12;

type Outcome = { readonly rows: number } | { readonly code: string } | { readonly died: string };

let thread: Worker | undefined;

async function startThread(): Promise<Worker> {
  const worker = new Worker(new URL('./read-in-thread.ts', import.meta.url), { workerData: 'ready' });
  await once(worker, 'message');
  return worker;
}

/** What comes of a file in a thread: rows, an error's code, or the thread's death. Never silence. */
async function readInThread(bytes: Uint8Array): Promise<Outcome> {
  const worker = thread ?? (await startThread());
  thread = worker;
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const onDeath = (error: unknown) => {
    thread = undefined;
    resolve({ died: String(error) });
  };
  worker.once('message', resolve);
  worker.once('error', onDeath);
  worker.postMessage(bytes);
  const outcome = await promise;
  worker.off('message', resolve);
  worker.off('error', onDeath);
  return outcome;
}

afterAll(async () => {
  await thread?.terminate();
});

describe('a damaged file', () => {
  it('ends in rows, an error or the death of its thread, wherever the damage is', async () => {
    const whole = await duckDbParquet(
      `SELECT range::VARCHAR AS code, range / 7 AS fat_100g, ['en:cheeses'] AS categories_tags FROM range(500)`,
    );
    expect(await readInThread(whole)).toEqual({ rows: 500 });
    const seen = { rows: 0, errors: 0, deaths: 0 };
    for (let at = 4; at < whole.length - 8; at += Math.ceil(whole.length / DAMAGES)) {
      const damaged = whole.slice();
      damaged.fill(0xff, at, at + 6);
      const outcome = await readInThread(damaged);
      if ('rows' in outcome) {
        expect(outcome.rows).toBe(500);
        seen.rows += 1;
      } else if ('code' in outcome) {
        expect([
          'damaged-parquet',
          'unrecognised-columns',
          'wrong-column-type',
          'row-group-too-large',
          'no-rows',
        ]).toContain(outcome.code);
        seen.errors += 1;
      } else {
        seen.deaths += 1;
      }
    }
    expect(seen.errors + seen.deaths).toBeGreaterThan(seen.rows);
  });

  it('leaves a new thread able to read', async () => {
    const whole = await duckDbParquet(`SELECT '1' AS code, 1 AS fat_100g`);
    await thread?.terminate();
    thread = undefined;
    expect(await readInThread(whole)).toEqual({ rows: 1 });
  });
});
