/** A user's mapping file against the columns of one file. */
import { NutrisageError } from '../errors.ts';
import { KJ_PER_KCAL } from '../items/nutrients.ts';
import type { NumberColumn, ShapeRequest } from './input-shapes.ts';
import type { OtherRole, TargetUnit } from './input-sources.ts';
import { type LeafPath, leafByPath, listNames, type NamedLeaves } from './leaf-paths.ts';
import {
  MAPPING_TARGETS,
  type MappingTarget,
  mappedColumn,
  mappingTarget,
  repeatedTargets,
} from './mapping-targets.ts';
import { nearestName } from './near-names.ts';

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
 * @throws {NutrisageError} `mapping-mismatch` for a target that is none or is there twice, a column the file has
 *   not, or a unit that does not fit, with every fault of the mapping in one message.
 */
export function applyMapping(leaves: NamedLeaves, request: ShapeRequest): MappedColumns {
  const numbers: NumberColumn[] = [];
  const others: Partial<Record<OtherRole, LeafPath>> = {};
  const columns = request.mapping?.columns ?? {};
  const faults = repeatedTargets(Object.keys(columns)).map((names) => `${names.join(' and ')} are one input`);
  for (const [name, mapped] of Object.entries(columns)) {
    const { column, unit } = mappedColumn(mapped);
    const target = mappingTarget(name);
    const path = leafByPath(leaves, column, request.name);
    const factor = target === undefined ? undefined : factorOf(target, unit);
    if (target === undefined) faults.push(unknownTarget(name));
    else if (path === undefined) faults.push(absentColumn(leaves, name, column));
    else if (factor === undefined) faults.push(`${name} cannot be in ${unit}`);
    else if (target.kind === 'source') numbers.push({ source: target.source, path, factor });
    else others[target.role] = path;
  }
  if (faults.length > 0) throw mismatch(request.name, faults, leaves);
  return { numbers, others };
}

/** From the column's unit to what the source feeds; undefined where the unit does not fit. */
function factorOf(target: MappingTarget, unit: string | undefined): number | undefined {
  if (target.kind === 'other') return 1;
  const { source } = target;
  const toSource = UNIT_FACTORS[source.unit][unit ?? source.unit];
  return toSource === undefined ? undefined : toSource * source.factor;
}

function unknownTarget(target: string): string {
  const near = nearestName(target, MAPPING_TARGETS);
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
    `Correct the mapping file. The file's columns: ${listNames(leaves.names)}. Inputs: ${MAPPING_TARGETS.join(', ')}.`,
  );
}
