import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThreadPool, type ThreadPool } from '../../../worker/threads/thread-pool.ts';
import { INPUT, shardMessage } from '../../support/records.ts';

const SCRIPTED = new URL('./scripted-thread.ts', import.meta.url);
const BROKEN = new URL('./broken-thread.ts', import.meta.url);

let channel: BroadcastChannel;
let channels = 0;
let awaited: Map<string, () => void>;
let pools: ThreadPool[];
let deaths: number;
let cleared: string;

beforeEach(async () => {
  channels += 1;
  channel = new BroadcastChannel(`thread pool test ${channels}`);
  awaited = new Map();
  channel.onmessage = ({ data }) => awaited.get(String(data))?.();
  pools = [];
  deaths = 0;
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-threads-'));
  cleared = join(folder, 'cleared');
  return () => rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.stop()));
  channel.close();
});

function start(threads: number, entry: URL = SCRIPTED, log = deathLog()): ThreadPool {
  const pool = createThreadPool({
    threads,
    entry,
    settings: {
      dataBucket: channel.name,
      modelBucket: cleared,
      gradesTable: undefined,
      rowGroupBytesMax: 1,
      ceilings: { fileBytes: 1, footerBytes: 1, rows: 1, columns: 1, textBytes: 1 },
      retentionDays: 1,
      engine: 'auto',
    },
    log,
  });
  pools.push(pool);
  return pool;
}

/** What is said of threads is their deaths alone. */
function deathLog(): Logger {
  return pino(
    { level: 'warn' },
    {
      write: () => {
        deaths += 1;
      },
    },
  );
}

/** Has a thread do what the word says; the number of the thread that answered. */
async function ask(pool: ThreadPool, word: string): Promise<number> {
  const { shape } = await pool.inspect({ ...INPUT, key: word }, undefined);
  expect(shape.startsWith(`${word} by `)).toBe(true);
  return Number(shape.slice(`${word} by `.length));
}

/** Resolves when a thread says that it has begun with it. */
function begun(word: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  awaited.set(`begun ${word}`, resolve);
  return promise;
}
const say = (word: string): void => channel.postMessage(word);

describe('a pool of threads', () => {
  it('answers each task, with one thread one after another', async () => {
    const pool = start(1);
    const threads = await Promise.all(['a', 'b', 'c'].map((word) => ask(pool, word)));
    expect(new Set(threads).size).toBe(1);
  });

  it('logs which engine runs a model, and warns with the reason where it is not the kernel', async () => {
    const lines: object[] = [];
    const write = (line: string): number => lines.push(JSON.parse(line));
    const pool = start(1, SCRIPTED, pino({ base: null }, { write }));
    await pool.checkModel('run-by-kernel');
    await pool.checkModel('fall-back');
    expect(lines).toMatchObject([
      {
        level: 30,
        model: 'run-by-kernel',
        engine: 'forest',
        msg: 'the forest kernel runs model run-by-kernel',
      },
      {
        level: 40,
        model: 'fall-back',
        engine: 'onnxruntime',
        msg: 'ONNX Runtime runs model fall-back: it is no forest',
      },
    ]);
  });

  it('has as many tasks at work as it has threads', async () => {
    const pool = start(2);
    const both = Promise.all([begun('wait one'), begun('wait two')]);
    const tasks = Promise.all([ask(pool, 'wait one'), ask(pool, 'wait two')]);
    await both;
    say('one');
    say('two');
    expect(new Set(await tasks).size).toBe(2);
  });

  it('passes on what is wrong with a file, and goes on with the same thread', async () => {
    const pool = start(1);
    const before = await ask(pool, 'a');
    await expect(ask(pool, 'fail shop')).rejects.toMatchObject({
      code: 'not-parquet',
      message: 'fail shop is a CSV.',
      remedy: 'Convert it.',
    });
    expect(await ask(pool, 'b')).toBe(before);
    expect(deaths).toBe(0);
  });

  it.each([
    ['damaged-parquet', 'panic', 'unreachable'],
    ['thread-died', 'throw', 'It broke.'],
    ['thread-died', 'exit', 'no reason given'],
    ['reader-out-of-memory', 'out-of-memory', 'more memory than a thread has'],
  ])('fails a task with %s when its thread ends by %s', async (code, word, reason) => {
    const pool = start(1);
    const failure = await ask(pool, word).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect((failure as Error).message).toContain(reason);
    expect((failure as Error).message).toContain(`s3://${INPUT.bucket}/${word}`);
  });

  it('checks a model, and names it when its thread dies over it', async () => {
    const pool = start(1);
    await expect(pool.checkModel('0123456789abcdef')).resolves.toBeUndefined();
    await expect(pool.checkModel('fail model')).rejects.toMatchObject({ code: 'not-parquet' });
    await expect(pool.checkModel('throw')).rejects.toMatchObject({
      code: 'thread-died',
      message: expect.stringContaining('model throw'),
    });
  });

  it('puts another thread in the place of a dead one, which goes on with what waits', async () => {
    const pool = start(1);
    const first = await ask(pool, 'a');
    const [died, ...others] = await Promise.allSettled(['panic', 'b', 'c'].map((word) => ask(pool, word)));
    expect(died?.status).toBe('rejected');
    const threads = others.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : first));
    expect(new Set(threads).size).toBe(1);
    expect(threads).not.toContain(first);
    expect(deaths).toBe(1);
  });

  it('settles every task once, though a thread dies after its answer', async () => {
    const pool = start(2);
    const words = Array.from({ length: 12 }, (_, index) =>
      index % 3 === 0 ? `answer-and-die ${index}` : `ok ${index}`,
    );
    const outcomes = await Promise.allSettled(words.map((word) => ask(pool, word)));
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 3 !== 0)
        expect(outcome.status === 'rejected' ? outcome.reason.code : 'ok').toMatch(/^ok$|^thread-died$/);
    }
    expect(await ask(pool, 'after all')).toBeGreaterThan(0);
  });

  it('replaces a thread that asks for it', async () => {
    const pool = start(1);
    const tasks = Promise.all([ask(pool, 'recycle'), ask(pool, 'a'), ask(pool, 'b')]);
    const [recycled, next, last] = await tasks;
    expect(next).not.toBe(recycled);
    expect(last).toBe(next);
    expect(deaths).toBe(0);
  });

  it('refuses an answer to another question', async () => {
    const pool = start(1);
    await expect(ask(pool, 'graded')).rejects.toMatchObject({ code: 'unexpected' });
    await expect(pool.grade(shardMessage())).rejects.toMatchObject({ code: 'unexpected' });
  });
});

describe('a pool whose threads do not start', () => {
  it('fails what waits instead of holding it, and starts them again after a pause', async () => {
    const pool = start(1, BROKEN);
    await expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'thread-died' });
    expect(deaths).toBe(1);
    await writeFile(cleared, '');
    expect(await ask(pool, 'b')).toBeGreaterThan(0);
    expect(deaths).toBe(1);
  });

  it('stops in the pause', async () => {
    const pool = start(2, BROKEN);
    await expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'thread-died' });
    await pool.stop();
    const deathsBefore = deaths;
    await writeFile(cleared, '');
    await expect(ask(pool, 'b')).rejects.toMatchObject({ code: 'interrupted' });
    expect(deaths).toBe(deathsBefore);
  });
});

describe('a pool that ends', () => {
  it('refuses what waits and what comes after, and lets what runs finish', async () => {
    const pool = start(1);
    const running = begun('wait go');
    const task = ask(pool, 'wait go');
    await running;
    const waiting = expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'interrupted' });
    pool.refuseWaiting();
    await waiting;
    await expect(ask(pool, 'b')).rejects.toMatchObject({ code: 'interrupted' });
    say('go');
    expect(await task).toBeGreaterThan(0);
  });

  it('interrupts what runs, at its next look at the flag', async () => {
    const pool = start(1);
    const running = begun('until-interrupted');
    const task = expect(ask(pool, 'until-interrupted')).rejects.toMatchObject({ code: 'interrupted' });
    await running;
    pool.interrupt();
    await task;
    await expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('stops while it starts, and refuses what waited', async () => {
    const pool = start(2);
    const waiting = expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'interrupted' });
    await pool.stop();
    await waiting;
    expect(deaths).toBe(0);
  });

  it('interrupts while it starts, and stops', async () => {
    const pool = start(1);
    const waiting = expect(ask(pool, 'a')).rejects.toMatchObject({ code: 'interrupted' });
    pool.interrupt();
    await waiting;
    await pool.stop();
  });

  it('ends no thread that is busy: it waits until the flag is seen', async () => {
    const pool = start(1);
    const running = begun('until-interrupted');
    const task = expect(ask(pool, 'until-interrupted')).rejects.toMatchObject({ message: 'It stops.' });
    await running;
    await pool.stop();
    await task;
  });

  it('puts nothing in the place of a thread that dies meanwhile', async () => {
    const pool = start(1);
    const running = begun('wait go');
    const task = ask(pool, 'wait go');
    const dying = expect(ask(pool, 'exit')).rejects.toMatchObject({ code: 'interrupted' });
    await running;
    pool.refuseWaiting();
    await dying;
    say('go');
    await task;
    await pool.stop();
    expect(deaths).toBe(0);
  });
});
