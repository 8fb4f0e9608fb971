/** What a mapping may name on its left side, and which input each spelling means. */
import type { MappedColumn } from '../../schemas/mapping.ts';
import { flatName, INPUT_SOURCES, type InputSource, OTHER_COLUMNS, type OtherRole } from './input-sources.ts';
import { plainName } from './near-names.ts';

/** Names that a mapping may give a column; case, dashes and underscores do not matter. */
export const MAPPING_TARGETS: readonly string[] = [
  ...Object.values(OTHER_COLUMNS).flat(),
  ...INPUT_SOURCES.map(flatName),
];

/** An input that a mapping names: a nutrient's source, or the role of a column that is none. */
export type MappingTarget =
  | { readonly kind: 'source'; readonly source: InputSource }
  | { readonly kind: 'other'; readonly role: OtherRole };

const BY_PLAIN_NAME: ReadonlyMap<string, MappingTarget> = new Map<string, MappingTarget>([
  ...(Object.keys(OTHER_COLUMNS) as OtherRole[]).flatMap((role) => {
    const target = { kind: 'other', role } as const;
    return OTHER_COLUMNS[role].map((name) => [plainName(name), target] as const);
  }),
  ...INPUT_SOURCES.map((source) => [plainName(flatName(source)), { kind: 'source', source }] as const),
]);

/** The input of that name. Two spellings, or two names of one role, give the same object; undefined: no input. */
export function mappingTarget(name: string): MappingTarget | undefined {
  return BY_PLAIN_NAME.get(plainName(name));
}

/**
 * Names that mean one input, in groups of two and more. Which of their columns is meant cannot be known, so a
 * mapping that has such a group is refused.
 */
export function repeatedTargets(names: readonly string[]): readonly (readonly string[])[] {
  const known = names.filter((name) => mappingTarget(name) !== undefined);
  const groups = Map.groupBy(known, mappingTarget);
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The right side of a mapping, written short or in full. */
export function mappedColumn(mapped: MappedColumn): Exclude<MappedColumn, string> {
  return typeof mapped === 'string' ? { column: mapped } : mapped;
}
