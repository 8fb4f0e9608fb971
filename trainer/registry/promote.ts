/** Moves the pointer to the current model, forth and back. */
import type { CurrentModel, ModelManifest } from '../../schemas/model.ts';
import { CURRENT_MODEL_KEY, modelKey } from '../../schemas/model-keys.ts';
import { type GateLimits, INTEGRITY_GATES, judgeCandidate, type Refusal } from './gates.ts';
import { readModelFiles } from './model-files.ts';
import { RegistryError } from './registry-error.ts';
import {
  nothingCurrent,
  type Pointer,
  readManifest,
  readPointer,
  usable,
  versionMissing,
} from './registry-files.ts';
import type { ModelRegistryStore } from './registry-store.ts';

/** Who moves the pointer, and when. */
export interface Mover {
  readonly by: string;
  readonly at: Date;
  /** Unlike that of any other move. */
  readonly move: string;
}

export interface Promotion {
  readonly version: string;
  /** Undefined where none was current. */
  readonly from: string | undefined;
  /** False where it was current already. */
  readonly moved: boolean;
  /** Refusals that `--force` passed over. */
  readonly overruled: readonly Refusal[];
  /** What could not be judged, as sentences. */
  readonly notes: readonly string[];
}

export interface PromoteOptions extends GateLimits {
  readonly force: boolean;
}

/** As many as the pointer's schema holds: versions that a rollback can go back to, one after the other. */
const PREVIOUS_MAX = 20;

/**
 * @throws {RegistryError} `version-missing`, `damaged-model`, `refused`, `pointer-changed`, `pointer-damaged`
 */
export async function promote(
  store: ModelRegistryStore,
  version: string,
  options: PromoteOptions,
  mover: Mover,
): Promise<Promotion> {
  const read = await readPointer(store);
  const pointer = options.force ? read : usable(store, read);
  const from = pointer.current?.version;
  const notes = pointer.damage === undefined ? [] : [`The pointer was not usable: ${pointer.damage}.`];
  if (from === version) return { version, from, moved: false, overruled: [], notes };

  const known = await currentManifest(store, from);
  if (known.note !== undefined) notes.push(known.note);
  const refusals = await judge(store, version, { current: known.manifest, limits: options });
  const isRefused = refusals.some(({ yieldsToForce }) => !yieldsToForce || !options.force);
  if (isRefused) throw refused(version, refusals, options.force);

  const previous =
    pointer.current === undefined
      ? []
      : [
          { version: pointer.current.version, promotedAt: pointer.current.promotedAt },
          ...(pointer.current.previous ?? []),
        ];
  await movePointer(store, pointer, version, previous.slice(0, PREVIOUS_MAX), mover);
  return { version, from, moved: true, overruled: refusals, notes };
}

/**
 * Back to the version that was current before, which is taken off the list: further rollbacks go further back and
 * never forth. Only its integrity is judged: it was in use, and the one that is left may be worse than any margin.
 * @throws {RegistryError} `nothing-current`, `nothing-to-roll-back-to`, `version-missing`, `refused`, `pointer-changed`
 */
export async function rollback(store: ModelRegistryStore, mover: Mover): Promise<Promotion> {
  const pointer = usable(store, await readPointer(store));
  if (pointer.current === undefined) throw nothingCurrent(store);
  const { version: from, previous = [] } = pointer.current;
  const [target, ...rest] = previous;
  if (target === undefined) {
    throw new RegistryError(
      'nothing-to-roll-back-to',
      `no version was current in ${store.place} before ${from}`,
      'Promote another one: `npm run model -- list` shows what is there.',
    );
  }
  const { version } = target;
  const limits = { margin: 0, branchesMax: 0 };
  const refusals = await judge(store, version, { current: undefined, limits }, INTEGRITY_GATES);
  if (refusals.length > 0) throw refused(version, refusals, true);
  await movePointer(store, pointer, version, rest, mover);
  return { version, from, moved: true, overruled: [], notes: [] };
}

async function judge(
  store: ModelRegistryStore,
  version: string,
  against: { readonly current: ModelManifest | undefined; readonly limits: GateLimits },
  gates?: typeof INTEGRITY_GATES,
): Promise<readonly Refusal[]> {
  const read = async (file: string) => (await store.read(modelKey(version, file)))?.bytes;
  const files = await readModelFiles(read, `model ${version}`, version);
  if (files === undefined) throw versionMissing(store, version);
  return judgeCandidate({ files, ...against }, gates);
}

/** A current model that can not be read is no bar to a better one: workers refuse it too. */
async function currentManifest(
  store: ModelRegistryStore,
  version: string | undefined,
): Promise<{ readonly manifest: ModelManifest | undefined; readonly note?: string }> {
  if (version === undefined) return { manifest: undefined };
  const read = await readManifest(store, version);
  if (read !== undefined && 'value' in read) return { manifest: read.value };
  const fault = read === undefined ? 'has no manifest' : `can not be read (${read.damage})`;
  return { manifest: undefined, note: `Not compared with the current model ${version}: it ${fault}.` };
}

async function movePointer(
  store: ModelRegistryStore,
  pointer: Pointer,
  version: string,
  previous: NonNullable<CurrentModel['previous']>,
  mover: Mover,
): Promise<void> {
  const next: CurrentModel = {
    version,
    promotedAt: mover.at.toISOString(),
    promotedBy: mover.by,
    move: mover.move,
    previous,
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`);
  if ((await store.write(CURRENT_MODEL_KEY, bytes, pointer.tag)) === 'written') return;
  const now = (await readPointer(store)).current;
  // The answer to our own write was lost and it was sent again: the second found the first.
  if (now?.move === mover.move) return;
  const winner = now === undefined ? 'it was taken away' : describeWinner(now);
  throw new RegistryError(
    'pointer-changed',
    `the current model changed meanwhile: ${winner}`,
    'Nothing was moved. Look at `npm run model -- list` and try again if it is still wanted.',
  );
}

function describeWinner({ version, promotedAt, promotedBy }: CurrentModel): string {
  return `${version} was promoted at ${promotedAt}${promotedBy === undefined ? '' : ` by ${promotedBy}`}`;
}

function refused(version: string, refusals: readonly Refusal[], isForced: boolean): RegistryError {
  const mayBeForced = !isForced && refusals.every(({ yieldsToForce }) => yieldsToForce);
  return new RegistryError(
    'refused',
    `model ${version} may not become current`,
    mayBeForced
      ? 'The current model stays. --force promotes it all the same.'
      : 'The current model stays. Train and publish another one.',
    { reasons: refusals.map(({ gate, reason }) => `${gate}: ${reason}`) },
  );
}
