/** Where a run works and how its result takes the place of the last one. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PREFIX = '.ingest-';

/** The card comes last: beside a card lies the dataset that it describes. */
export const OUTPUT_FILES = ['products.parquet', 'DATA_CARD.md', 'data-card.json'] as const;

export interface WorkFolder {
  readonly path: string;
  /** Moves the finished files over those of the last run; renames within one folder cannot fill a disk. */
  publish(): void;
  remove(): void;
}

/** A folder below `out`, on the same disk; what runs that were killed left behind is cleared first. */
export function createWorkFolder(out: string): WorkFolder {
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(out)) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (Number.isInteger(owner) && !isAlive(owner)) rmSync(join(out, name), { recursive: true, force: true });
  }
  const path = join(out, `${PREFIX}${process.pid}`);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return {
    path,
    publish() {
      for (const name of OUTPUT_FILES) renameSync(join(path, name), join(out, name));
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function isAlive(processId: number): boolean {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
