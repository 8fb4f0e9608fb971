/**
 * The model that requests are graded with, from the first to the newest that was promoted. A new one is loaded and tried
 * beside the one in use, which answers until the moment of the change, and afterwards the lists that it has begun.
 */
import type { Logger } from 'pino';
import { asNutrisageError, type NutrisageError } from '../../../core/errors.ts';
import { createCurrentModel } from '../../models/current-model.ts';
import type { ServingModel } from '../grading/serving-model.ts';
import type { LoadedServingModel } from './load-serving-model.ts';

export interface ModelKeeperPorts {
  /** Version that the pointer names. @throws {NutrisageError} */
  readonly readPointer: () => Promise<string>;
  /** @throws {NutrisageError} why it can not be used. */
  readonly load: (version: string) => Promise<LoadedServingModel>;
  /** Grades a product whose grade is known. @throws {NutrisageError} `model-damaged` */
  readonly probe: (model: ServingModel) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
}

export interface ModelKeeper {
  /** Undefined while there is none that can grade. */
  serving(): ServingModel | undefined;
  /** Why there is none, as far as is known. */
  reason(): string;
  /** How often a version was refused since the start of the process. */
  refusals(): number;
  /** Fulfilled once the first is in use, after however many looks. */
  readonly first: Promise<void>;
  /** Looks no more, and lets the models go. */
  stop(): Promise<void>;
}

/** Most looks are answered from the one before; `current-model.ts` says for how long. */
const LOOK_MS = 1000;
/** Lists that were begun with the model before have ended by then. */
const RELEASE_MS = 30_000;
/** Between two attempts to load again what was lost. */
const RELOAD_MS = 1000;

export function createModelKeeper(ports: ModelKeeperPorts): ModelKeeper {
  const { log } = ports;
  /** Loaded and probed, by version: what the check has made ready, for the look that asked for it. */
  const ready = new Map<string, LoadedServingModel>();
  /** No longer in use, and not yet released. */
  const leaving = new Map<LoadedServingModel, NodeJS.Timeout>();
  const first = Promise.withResolvers<void>();
  let inUse: LoadedServingModel | undefined;
  let reason = 'the first model is being loaded';
  let isStopped = false;
  /** The newest attempt to load again what was lost. */
  let reloading = Promise.resolve();

  const current = createCurrentModel({
    readPointer: ports.readPointer,
    check: async (version) => void ready.set(version, await loadProbed(version)),
    now: ports.now,
    log,
  });

  async function loadProbed(version: string): Promise<LoadedServingModel> {
    const model = await ports.load(version);
    try {
      await ports.probe(model);
      return model;
    } catch (error) {
      await model.release();
      throw error;
    }
  }

  function use(model: LoadedServingModel): void {
    const before = inUse;
    inUse = model;
    const { version, fallback, scorer } = model;
    const said = { model: version, engine: scorer.engine, before: before?.version };
    if (fallback === undefined) log.info(said, `requests are graded with model ${version}`);
    else
      log.warn(
        { ...said, fallback },
        `requests are graded with model ${version} by ONNX Runtime: ${fallback}`,
      );
    void model.lost.then((error) => loadAgain(model, error));
    if (before !== undefined) leave(before);
    first.resolve();
  }

  function leave(model: LoadedServingModel): void {
    const timer = setTimeout(() => {
      leaving.delete(model);
      void model.release();
    }, RELEASE_MS);
    timer.unref();
    leaving.set(model, timer);
  }

  async function loadAgain(lost: LoadedServingModel, error: NutrisageError): Promise<void> {
    if (isStopped || inUse !== lost) return;
    inUse = undefined;
    reason = error.message;
    log.error({ code: error.code, err: error, model: lost.version }, error.message);
    while (isMissed()) {
      reloading = reload(lost.version);
      await reloading;
      if (isMissed()) await new Promise((resolve) => setTimeout(resolve, RELOAD_MS).unref());
    }
  }

  function isMissed(): boolean {
    return !isStopped && inUse === undefined;
  }

  async function reload(version: string): Promise<void> {
    try {
      const model = await loadProbed(version);
      // While it was loaded another may have been promoted, which an older one must not replace.
      if (isMissed()) use(model);
      else await model.release();
    } catch (thrown) {
      log.warn({ err: thrown, model: version }, 'the model could not be loaded again; another try follows');
    }
  }

  async function look(): Promise<void> {
    try {
      const version = await current.version();
      const model = ready.get(version);
      ready.delete(version);
      if (model !== undefined) use(model);
    } catch (thrown) {
      const error = asNutrisageError(thrown);
      // Once: it is the same at every look until it is mended.
      if (reason !== error.message)
        log.error({ code: error.code, remedy: error.remedy, err: error }, error.message);
      reason = error.message;
    }
  }

  let looking = look();
  const timer = setInterval(() => {
    looking = look();
  }, LOOK_MS);
  timer.unref();

  return {
    serving: () => inUse,
    reason: () => reason,
    refusals: current.refusals,
    first: first.promise,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await Promise.all([looking, reloading]);
      for (const waiting of leaving.values()) clearTimeout(waiting);
      await Promise.all([inUse, ...ready.values(), ...leaving.keys()].map((model) => model?.release()));
    },
  };
}
