/**
 * The model that new jobs are pinned to. A promotion is taken up without a restart, and never on trust: a version
 * that this process has not used is loaded and probed in a grading thread first.
 *
 * What the pointer names is `in use`, `refused` (it can not be used; the last good one stays), or unknown and then
 * checked. Whatever goes wrong with a new one, the last good one stays; only a process that has none yet passes
 * the reason on, and the job fails with it.
 */
import type { Logger } from 'pino';
import { asNutrisageError, type NutrisageError } from '../../core/errors.ts';

export interface CurrentModelPorts {
  /** Version that the pointer names. @throws {NutrisageError} */
  readonly readPointer: () => Promise<string>;
  /** Loads and probes a version away from the event loop. @throws {NutrisageError} why it can not be used. */
  readonly check: (version: string) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
}

export interface CurrentModel {
  /** @throws {NutrisageError} only while no model was ever usable, or when the worker stops. */
  version(): Promise<string>;
  /** The last good version, as far as was looked; undefined while there is none. */
  inUse(): string | undefined;
  /** How often a version was refused since the start of the process. */
  refusals(): number;
}

/**
 * For this long the pointer is not read again: a burst of events reads it once, and a promotion is still seen
 * within ten seconds with a slow read and a check on top.
 */
export const POINTER_SECONDS = 5;
/**
 * A refused version is checked again after this: a version never changes, but one that was put there by hand may
 * have become whole since. A process that has no good model checks at every look.
 */
export const RECHECK_SECONDS = 60;

interface Refused {
  readonly version: string;
  readonly error: NutrisageError;
  readonly checkAgainAt: number;
}

export function createCurrentModel(ports: CurrentModelPorts): CurrentModel {
  let lastGood: string | undefined;
  let refused: Refused | undefined;
  let refusals = 0;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let answer: Promise<string> | undefined;

  async function look(): Promise<string> {
    try {
      const named = await ports.readPointer();
      if (named === lastGood) return named;
      return await takeUp(named);
    } catch (thrown) {
      const error = asNutrisageError(thrown);
      if (lastGood === undefined || error.code === 'interrupted') throw error;
      ports.log.warn(
        { code: error.code, err: error, kept: lastGood },
        `the current model can not be told: ${error.message} ${lastGood} stays in use`,
      );
      return lastGood;
    }
  }

  async function takeUp(version: string): Promise<string> {
    const isKnownBad = refused?.version === version && ports.now() < refused.checkAgainAt;
    if (isKnownBad && refused !== undefined) return keepOrThrow(refused.error);
    try {
      await ports.check(version);
    } catch (thrown) {
      const error = asNutrisageError(thrown);
      // A thread that died, or a store that is away, tells nothing about the model.
      if (error.disposition === 'retry') throw error;
      return refuse(version, error);
    }
    ports.log.info({ model: version, before: lastGood }, 'model in use for new jobs');
    lastGood = version;
    refused = undefined;
    return version;
  }

  function refuse(version: string, error: NutrisageError): string {
    refusals += 1;
    const pauseSeconds = lastGood === undefined ? 0 : RECHECK_SECONDS;
    refused = { version, error, checkAgainAt: ports.now() + pauseSeconds * 1000 };
    const outcome = lastGood === undefined ? 'there is none to grade with' : `${lastGood} stays in use`;
    ports.log.error(
      { code: error.code, remedy: error.remedy, err: error, model: version, kept: lastGood, refusals },
      `model ${version} is refused (${error.message}); ${outcome}`,
    );
    return keepOrThrow(error);
  }

  function keepOrThrow(error: NutrisageError): string {
    if (lastGood === undefined) throw error;
    return lastGood;
  }

  return {
    version() {
      // One look serves all who ask while it runs and until it is old, also with its failure.
      if (answer === undefined || ports.now() >= freshUntil) {
        freshUntil = Number.POSITIVE_INFINITY;
        answer = look().finally(() => {
          freshUntil = ports.now() + POINTER_SECONDS * 1000;
        });
      }
      return answer;
    },
    inUse: () => lastGood,
    refusals: () => refusals,
  };
}
