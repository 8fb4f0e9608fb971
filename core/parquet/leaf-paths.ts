/** The leaf columns of a Parquet file by their paths, and how one is found by name. */
import { NutrisageError } from '../errors.ts';
import { plainName } from './near-names.ts';

/** A leaf's path from the root, such as `['nutriments', 'list', 'element', 'name']`. */
export type LeafPath = readonly string[];

export interface NamedLeaves {
  readonly paths: readonly LeafPath[];
  /** Names of the root columns, each once, in the file's order. */
  readonly names: readonly string[];
}

export function namedLeaves(paths: readonly LeafPath[]): NamedLeaves {
  return { paths, names: [...new Set(paths.map((path) => path[0] ?? ''))] };
}

/** The form the library's projection takes. */
export function dotted(path: LeafPath): string {
  return path.join('.');
}

/**
 * The leaf of the root column of that name; of the one root column that differs from it only in case, dashes
 * and underscores (`saturated_fat_100g`) where none has the very name; undefined where there is none.
 * @throws {NutrisageError} `unrecognised-columns` where two columns could be meant.
 */
export function leafOf(leaves: NamedLeaves, name: string, file: string): LeafPath | undefined {
  const exact = leaves.paths.filter((path) => path[0] === name);
  if (exact.length > 0) return onlyLeaf(exact, name, file);
  const plain = plainName(name);
  const alike = leaves.names.filter((candidate) => plainName(candidate) === plain);
  if (alike.length > 1) throw ambiguous(file, name, alike);
  return alike[0] === undefined ? undefined : leafOf(leaves, alike[0], file);
}

/** A mapping may name a leaf inside structs too, by its dotted path. */
export function leafByPath(leaves: NamedLeaves, name: string, file: string): LeafPath | undefined {
  const exact = leaves.paths.filter((path) => dotted(path) === name);
  return exact.length > 0 ? onlyLeaf(exact, name, file) : leafOf(leaves, name, file);
}

/**
 * Two root columns of one name are the same path twice; a struct's leaves differ. Of a struct the first is
 * taken: the type check then refuses the column by name.
 */
function onlyLeaf(found: readonly LeafPath[], name: string, file: string): LeafPath | undefined {
  const isRepeated = new Set(found.map((path) => JSON.stringify(path))).size < found.length;
  if (isRepeated) throw ambiguous(file, name, [name, name]);
  return found[0];
}

function ambiguous(file: string, name: string, columns: readonly string[]): NutrisageError {
  return new NutrisageError(
    'unrecognised-columns',
    `${file} has ${columns.length} columns that could be ${name}: ${listNames(columns)}.`,
    `Keep one of them under the name ${name}, or submit with a mapping file that says which one it is.`,
  );
}

const LISTED_MAX = 20;

/** Names for a sentence, cut where they would fill the screen. */
export function listNames(names: readonly string[]): string {
  if (names.length <= LISTED_MAX) return names.join(', ');
  return `${names.slice(0, LISTED_MAX).join(', ')} and ${names.length - LISTED_MAX} more`;
}
