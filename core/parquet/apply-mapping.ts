/** A user's mapping file against the columns of one file. */
import type { MappedColumn } from '../../schemas/mapping.ts';
import { NutrisageError } from '../errors.ts';
import { KJ_PER_KCAL } from '../items/nutrients.ts';
import type { NumberColumn, ShapeRequest } from './input-shapes.ts';
import { flatName, INPUT_SOURCES, OTHER_COLUMNS, type OtherRole, type TargetUnit } from './input-sources.ts';
import { type LeafPath, leafByPath, listNames, type NamedLeaves } from './leaf-paths.ts';
import { nearestName, plainName } from './near-names.ts';

export interface MappedColumns {
  readonly numbers: readonly NumberColumn[];
  readonly others: Readonly<Partial<Record<OtherRole, LeafPath>>>;
}

/** Factor from a column's unit to each target's. */
const UNIT_FACTORS: Readonly<Record<TargetUnit, Readonly<Record<string, number>>>> = {
  g: { g: 1, mg: 0.001 },
  kJ: { kJ: 1, kcal: KJ_PER_KCAL },
  kcal: { kcal: 1, kJ: 1 / KJ_PER_KCAL },
  '%': { '%': 1 },
};

/**
 * @throws {NutrisageError} `mapping-mismatch` for a target that is none, a column the file has not, or a unit
 *   that does not fit, with every fault of the mapping in one message.
 */
export function applyMapping(leaves: NamedLeaves, request: ShapeRequest): MappedColumns {
  const numbers: NumberColumn[] = [];
  const others: Partial<Record<OtherRole, LeafPath>> = {};
  const faults: string[] = [];
  for (const [target, mapped] of Object.entries(request.mapping?.columns ?? {})) {
    const { column, unit } = unpack(mapped);
    const source = INPUT_SOURCES.find((candidate) => plainName(flatName(candidate)) === plainName(target));
    const role = roleOf(target);
    const path = leafByPath(leaves, column, request.name);
    const factor = source === undefined ? 1 : UNIT_FACTORS[source.unit][unit ?? source.unit];
    if (source === undefined && role === undefined) faults.push(unknownTarget(target));
    else if (path === undefined) faults.push(absentColumn(leaves, target, column));
    else if (factor === undefined) faults.push(`${target} cannot be in ${unit}`);
    else if (source !== undefined) numbers.push({ source, path, factor: factor * source.factor });
    else if (role !== undefined) others[role] = path;
  }
  if (faults.length > 0) throw mismatch(request.name, faults, leaves);
  return { numbers, others };
}

/** Name of the source column. */
export function columnOf(mapped: MappedColumn): string {
  return unpack(mapped).column;
}

function unpack(mapped: MappedColumn): { column: string; unit?: string | undefined } {
  return typeof mapped === 'string' ? { column: mapped } : mapped;
}

function roleOf(target: string): OtherRole | undefined {
  const roles = Object.keys(OTHER_COLUMNS) as OtherRole[];
  return roles.find((role) => OTHER_COLUMNS[role].some((name) => plainName(name) === plainName(target)));
}

const TARGETS: readonly string[] = [...Object.values(OTHER_COLUMNS).flat(), ...INPUT_SOURCES.map(flatName)];

function unknownTarget(target: string): string {
  const near = nearestName(target, TARGETS);
  return `${target} is no input${near === undefined ? '' : ` (${near} is)`}`;
}

function absentColumn(leaves: NamedLeaves, target: string, column: string): string {
  const near = nearestName(column, leaves.names);
  return `${target} is mapped to "${column}", which the file has not${near === undefined ? '' : ` (it has "${near}")`}`;
}

function mismatch(file: string, faults: readonly string[], leaves: NamedLeaves): NutrisageError {
  return new NutrisageError(
    'mapping-mismatch',
    `The mapping does not fit ${file}: ${listNames(faults)}.`,
    `Correct the mapping file. The file's columns: ${listNames(leaves.names)}. Inputs: ${TARGETS.join(', ')}.`,
  );
}
