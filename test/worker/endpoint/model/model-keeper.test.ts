import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NutrisageError } from '../../../../core/errors.ts';
import type { ServingModel } from '../../../../worker/endpoint/grading/serving-model.ts';
import type { LoadedServingModel } from '../../../../worker/endpoint/model/load-serving-model.ts';
import { createModelKeeper, type ModelKeeper } from '../../../../worker/endpoint/model/model-keeper.ts';
import { servingModel } from '../made-model.ts';

const damaged = (version: string) =>
  new NutrisageError('model-damaged', `Model ${version} is no forest.`, 'Promote another.');

describe('the keeper of the model', () => {
  let pointer: () => string;
  let released: string[];
  let lose: Map<string, (error: NutrisageError) => void>;
  let loads: string[];
  let broken: Set<string>;
  let unfit: Set<string>;
  /** Loads of a version wait for this. */
  let held: Map<string, Promise<void>>;
  let logged: Record<string, unknown>[];
  let keeper: ModelKeeper;

  let made: ServingModel;
  beforeAll(async () => {
    made = await servingModel();
  });
  beforeEach(() => {
    vi.useFakeTimers();
    pointer = () => 'first';
    released = [];
    loads = [];
    logged = [];
    lose = new Map();
    broken = new Set();
    unfit = new Set();
    held = new Map();
  });
  afterEach(async () => {
    await keeper.stop();
    vi.useRealTimers();
  });

  async function load(version: string): Promise<LoadedServingModel> {
    loads.push(version);
    await held.get(version);
    if (broken.has(version)) throw damaged(version);
    const lost = Promise.withResolvers<NutrisageError>();
    lose.set(version, lost.resolve);
    return {
      ...made,
      version,
      fallback: version === 'slow' ? 'the kernel does not run it' : undefined,
      lost: lost.promise,
      release: async () => void released.push(version),
    };
  }

  function open(): ModelKeeper {
    keeper = createModelKeeper({
      readPointer: async () => pointer(),
      load,
      probe: async ({ version }) => {
        if (unfit.has(version)) throw damaged(version);
      },
      now: () => performance.now(),
      log: pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
    });
    return keeper;
  }
  /** Long enough for the pointer to be read again. */
  const later = () => vi.advanceTimersByTimeAsync(7000);

  it('has none until the first was loaded and has graded a product', async () => {
    open();
    expect([keeper.serving(), keeper.reason()]).toEqual([undefined, 'the first model is being loaded']);
    await keeper.first;
    expect(keeper.serving()?.version).toBe('first');
  });

  it('takes up what is promoted, and lets the one before go once its lists have ended', async () => {
    open();
    await keeper.first;
    pointer = () => 'second';
    await later();
    expect([keeper.serving()?.version, released]).toEqual(['second', []]);
    await vi.advanceTimersByTimeAsync(31_000);
    expect([keeper.serving()?.version, released, loads]).toEqual(['second', ['first'], ['first', 'second']]);
  });

  it('goes back where the pointer goes back', async () => {
    open();
    await keeper.first;
    pointer = () => 'second';
    await later();
    pointer = () => 'first';
    await later();
    expect([keeper.serving()?.version, loads]).toEqual(['first', ['first', 'second', 'first']]);
  });

  it.each([['broken'], ['unfit']])('keeps the last good one where the new one is %s', async (kind) => {
    open();
    await keeper.first;
    (kind === 'broken' ? broken : unfit).add('second');
    pointer = () => 'second';
    await later();
    expect([keeper.serving()?.version, keeper.refusals()]).toEqual(['first', 1]);
    expect(released).toEqual(kind === 'broken' ? [] : ['second']);
  });

  it('says why it has none, once for each reason', async () => {
    broken.add('first');
    open();
    await later();
    await later();
    expect([keeper.serving(), keeper.reason()]).toEqual([undefined, 'Model first is no forest.']);
    expect(logged.filter(({ msg }) => msg === 'Model first is no forest.')).toHaveLength(1);
    pointer = () => 'second';
    await later();
    expect(keeper.serving()?.version).toBe('second');
  });

  it('goes on without the store, which names the model', async () => {
    open();
    await keeper.first;
    pointer = () => {
      throw new NutrisageError('store-unavailable', 'The store is away.', 'Wait.');
    };
    await later();
    expect(keeper.serving()?.version).toBe('first');
  });

  it('loads a model again that was lost with its thread, and has none meanwhile', async () => {
    open();
    await keeper.first;
    broken.add('first');
    lose.get('first')?.(new NutrisageError('thread-died', 'The thread died.', 'It is started again.'));
    await vi.advanceTimersByTimeAsync(1);
    expect([keeper.serving(), keeper.reason()]).toEqual([undefined, 'The thread died.']);
    broken.clear();
    await vi.advanceTimersByTimeAsync(1500);
    expect(keeper.serving()?.version).toBe('first');
  });

  it('keeps what was promoted while a lost one was loaded again', async () => {
    open();
    await keeper.first;
    const hold = Promise.withResolvers<void>();
    held.set('first', hold.promise);
    lose.get('first')?.(new NutrisageError('thread-died', 'The thread died.', 'It is started again.'));
    pointer = () => 'second';
    await later();
    expect(keeper.serving()?.version).toBe('second');
    hold.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect([keeper.serving()?.version, released]).toEqual(['second', ['first']]);
  });

  it('lets go what was still being loaded again when it stopped', async () => {
    open();
    await keeper.first;
    const hold = Promise.withResolvers<void>();
    held.set('first', hold.promise);
    lose.get('first')?.(new NutrisageError('thread-died', 'The thread died.', 'It is started again.'));
    await vi.advanceTimersByTimeAsync(1);
    const stopped = keeper.stop();
    hold.resolve();
    await stopped;
    expect([keeper.serving(), released]).toEqual([undefined, ['first']]);
  });

  it('does not mind the loss of one that is no longer in use', async () => {
    open();
    await keeper.first;
    pointer = () => 'second';
    await later();
    lose.get('first')?.(new NutrisageError('thread-died', 'The thread died.', 'It is started again.'));
    await vi.advanceTimersByTimeAsync(1);
    expect(keeper.serving()?.version).toBe('second');
  });

  it('says which engine runs a model, and warns where it is not the kernel', async () => {
    pointer = () => 'slow';
    open();
    await keeper.first;
    expect(logged.at(-1)).toMatchObject({ level: 40, model: 'slow', fallback: 'the kernel does not run it' });
  });

  it('lets all go when it stops, and looks no more', async () => {
    open();
    await keeper.first;
    pointer = () => 'second';
    await later();
    await keeper.stop();
    expect(released.sort()).toEqual(['first', 'second']);
    pointer = () => 'third';
    await later();
    expect(loads).toEqual(['first', 'second']);
  });
});
