import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import {
  type CurrentModel,
  createCurrentModel,
  POINTER_SECONDS,
  RECHECK_SECONDS,
} from '../../../worker/models/current-model.ts';

const OLD = 'a'.repeat(16);
const NEW = 'b'.repeat(16);

const damaged = new NutrisageError('model-damaged', 'It is damaged.', 'Promote another.');
const away = new NutrisageError('store-unavailable', 'The store is away.', 'Wait.');
const stopping = new NutrisageError('interrupted', 'The worker stops.', 'None.');

let pointer: string | NutrisageError;
let reads: number;
let checks: string[];
/** What a check of a version ends in; nothing where it passes. */
let faults: Map<string, NutrisageError>;
let seconds: number;
let logged: Record<string, unknown>[];
let model: CurrentModel;

beforeEach(() => {
  pointer = OLD;
  reads = 0;
  checks = [];
  faults = new Map();
  seconds = 0;
  logged = [];
  model = createCurrentModel({
    async readPointer() {
      reads += 1;
      if (typeof pointer !== 'string') throw pointer;
      return pointer;
    },
    async check(version) {
      checks.push(version);
      const fault = faults.get(version);
      if (fault !== undefined) throw fault;
    },
    now: () => seconds * 1000,
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
  });
});

/** Asks once the pointer's time is over. */
function askLater(): Promise<string> {
  seconds += POINTER_SECONDS;
  return model.version();
}

describe('the current model of a worker', () => {
  it('is checked once and then known', async () => {
    expect(await model.version()).toBe(OLD);
    expect(await askLater()).toBe(OLD);
    expect(checks).toEqual([OLD]);
    expect(reads).toBe(2);
  });

  it('is looked up once for all who ask at once or soon after', async () => {
    expect(await Promise.all([model.version(), model.version(), model.version()])).toEqual([OLD, OLD, OLD]);
    seconds += POINTER_SECONDS - 0.001;
    pointer = NEW;
    expect(await model.version()).toBe(OLD);
    expect(reads).toBe(1);
    seconds += 0.001;
    expect(await model.version()).toBe(NEW);
  });

  it('is seen within ten seconds of its promotion', () => {
    expect(POINTER_SECONDS).toBeLessThan(10);
  });

  it('changes with a promotion and with a rollback', async () => {
    await model.version();
    pointer = NEW;
    expect(await askLater()).toBe(NEW);
    pointer = OLD;
    expect(await askLater()).toBe(OLD);
    expect(model.refusals()).toBe(0);
  });

  it('stays when the new one is refused, which is logged and counted once', async () => {
    await model.version();
    pointer = NEW;
    faults.set(NEW, damaged);
    expect(await askLater()).toBe(OLD);
    expect(await askLater()).toBe(OLD);
    expect(checks).toEqual([OLD, NEW]);
    expect(model.refusals()).toBe(1);
    const errors = logged.filter(({ level }) => level === 50);
    expect(errors).toMatchObject([
      { code: 'model-damaged', remedy: 'Promote another.', model: NEW, kept: OLD, refusals: 1 },
    ]);
    expect(String(errors[0]?.['msg'])).toContain(`${OLD} stays in use`);
  });

  it('is checked again after a while, as it may have been made whole', async () => {
    await model.version();
    pointer = NEW;
    faults.set(NEW, damaged);
    await askLater();
    faults.clear();
    seconds += RECHECK_SECONDS;
    expect(await model.version()).toBe(NEW);
  });

  it('goes on to the next promotion at once after one that was refused', async () => {
    await model.version();
    pointer = NEW;
    faults.set(NEW, damaged);
    await askLater();
    pointer = 'c'.repeat(16);
    expect(await askLater()).toBe('c'.repeat(16));
  });

  it('stays when the pointer can not be read, and when a thread dies over the new one', async () => {
    await model.version();
    pointer = away;
    expect(await askLater()).toBe(OLD);
    pointer = damaged;
    expect(await askLater()).toBe(OLD);
    pointer = NEW;
    faults.set(NEW, new NutrisageError('thread-died', 'The thread died.', 'None.'));
    expect(await askLater()).toBe(OLD);
    faults.clear();
    expect(await askLater()).toBe(NEW);
    expect(model.refusals()).toBe(0);
  });

  it('passes on that the worker stops', async () => {
    await model.version();
    pointer = NEW;
    faults.set(NEW, stopping);
    await expect(askLater()).rejects.toBe(stopping);
  });
});

describe('a worker that has no good model yet', () => {
  it.each([
    ['the pointer is damaged', damaged],
    ['the store is away', away],
  ])('says why: %s', async (_, error) => {
    pointer = error;
    await expect(model.version()).rejects.toBe(error);
    pointer = OLD;
    await expect(model.version()).rejects.toBe(error);
    expect(await askLater()).toBe(OLD);
  });

  it('refuses a broken one with its reason, and checks it again at every look', async () => {
    faults.set(OLD, damaged);
    await expect(model.version()).rejects.toBe(damaged);
    await expect(askLater()).rejects.toBe(damaged);
    expect(checks).toEqual([OLD, OLD]);
    expect(model.refusals()).toBe(2);
    expect(String(logged[0]?.['msg'])).toContain('there is none to grade with');
    faults.clear();
    expect(await askLater()).toBe(OLD);
  });
});
