/**
 * Recognises which Parquet columns carry which input: the official Open Food Facts export (nested
 * `nutriments`), its flat names, or a user's mapping. The result is plain data; the decoder follows it.
 */
import type { Mapping } from '../../schemas/mapping.ts';
import { NutrisageError } from '../errors.ts';
import { applyMapping, type MappedColumns } from './apply-mapping.ts';
import {
  flatName,
  INPUT_SOURCES,
  type InputSource,
  OTHER_COLUMNS,
  type OtherRole,
  quantityOf,
} from './input-sources.ts';
import { dotted, type LeafPath, leafOf, listNames, type NamedLeaves } from './leaf-paths.ts';
import { nearestName } from './near-names.ts';

export type InputShape = 'official export' | 'flat columns' | 'mapped columns';

export interface NumberColumn {
  readonly source: InputSource;
  readonly path: LeafPath;
  /** From the column's unit to the target's. */
  readonly factor: number;
}

export interface NutrimentList {
  readonly name: LeafPath;
  readonly amount: LeafPath;
  /** What is taken of the list: all but the nutrients that a mapping reads from columns. */
  readonly sources: readonly InputSource[];
}

/** Which columns to read, and as what. */
export interface InputPlan {
  readonly shape: InputShape;
  /** In the order of `INPUT_SOURCES`; beside nested nutrients those of the mapping alone. */
  readonly numbers: readonly NumberColumn[];
  readonly nutriments?: NutrimentList;
  readonly others: Readonly<Partial<Record<OtherRole, LeafPath>>>;
}

export interface ShapeRequest {
  /** How errors name the file. */
  readonly name: string;
  readonly mapping?: Mapping;
  readonly withReportedGrades: boolean;
}

/**
 * How writers spell the path from the list to its elements: `list.element` (the standard), `list.item`,
 * `bag.array_element` (old Spark and Hive), `array`, or `element` alone. Any spelling is taken, since the two
 * ends decide. Some warehouses allow no name that begins with a digit, and put an underscore before it.
 */
const NUTRIMENTS = { root: 'nutriments', name: ['name'], amount: ['100g', '_100g'] } as const;

/**
 * @throws {NutrisageError} `unrecognised-columns` where no product code or no nutrient is found, or where a
 *   name is ambiguous; `mapping-mismatch` where the mapping does not fit the file.
 */
export function planInput(leaves: NamedLeaves, request: ShapeRequest): InputPlan {
  const mapped: MappedColumns = applyMapping(leaves, request);
  const others = findOthers(leaves, mapped, request);
  const unmapped = unmappedSources(mapped);
  const nutriments = findNutriments(leaves, unmapped);
  const found = nutriments === undefined ? findNumbers(leaves, unmapped, mapped, request.name) : [];
  const numbers = byRank([...mapped.numbers, ...found]);
  if (others.code === undefined || (numbers.length === 0 && nutriments === undefined)) {
    throw unrecognised(leaves, request.name, others.code === undefined);
  }
  if (nutriments !== undefined) return { shape: 'official export', numbers, nutriments, others };
  return { shape: request.mapping === undefined ? 'flat columns' : 'mapped columns', numbers, others };
}

/** Every leaf that the plan reads, as the library's projection takes them. */
export function plannedLeaves(plan: InputPlan): LeafPath[] {
  const nested = plan.nutriments === undefined ? [] : [plan.nutriments.name, plan.nutriments.amount];
  return [...Object.values(plan.others), ...plan.numbers.map(({ path }) => path), ...nested];
}

function findOthers(
  leaves: NamedLeaves,
  mapped: MappedColumns,
  request: ShapeRequest,
): Partial<Record<OtherRole, LeafPath>> {
  const found: Partial<Record<OtherRole, LeafPath>> = {};
  for (const role of Object.keys(OTHER_COLUMNS) as OtherRole[]) {
    if (role === 'reportedGrade' && !request.withReportedGrades) continue;
    const path = mapped.others[role] ?? firstLeaf(leaves, OTHER_COLUMNS[role], request.name);
    if (path !== undefined) found[role] = path;
  }
  return found;
}

function firstLeaf(leaves: NamedLeaves, names: readonly string[], file: string): LeafPath | undefined {
  for (const name of names) {
    const path = leafOf(leaves, name, file);
    if (path !== undefined) return path;
  }
  return undefined;
}

/**
 * Sources that may be found by their names. A mapping that names a nutrient says where it stands: no other
 * source of it counts, though it rank before the mapped one (salt before sodium, kJ before kcal).
 */
function unmappedSources(mapped: MappedColumns): readonly InputSource[] {
  const quantities = new Set(mapped.numbers.map(({ source }) => quantityOf(source)));
  return INPUT_SOURCES.filter((source) => !quantities.has(quantityOf(source)));
}

/** A column that the mapping reads as one nutrient is not found as another for its name. */
function findNumbers(
  leaves: NamedLeaves,
  sources: readonly InputSource[],
  mapped: MappedColumns,
  file: string,
): NumberColumn[] {
  const taken = new Set(mapped.numbers.map(({ path }) => dotted(path)));
  return sources.flatMap((source) => {
    const path = leafOf(leaves, flatName(source), file);
    return path === undefined || taken.has(dotted(path)) ? [] : [{ source, path, factor: source.factor }];
  });
}

function byRank(numbers: readonly NumberColumn[]): readonly NumberColumn[] {
  const rank = ({ source }: NumberColumn) => INPUT_SOURCES.indexOf(source);
  return numbers.toSorted((left, right) => rank(left) - rank(right));
}

function findNutriments(leaves: NamedLeaves, sources: readonly InputSource[]): NutrimentList | undefined {
  const nested = leaves.paths.filter((path) => path[0] === NUTRIMENTS.root && path.length >= 3);
  const ending = (ends: readonly string[]) => nested.find((path) => ends.includes(path.at(-1) ?? ''));
  const name = ending(NUTRIMENTS.name);
  const amount = ending(NUTRIMENTS.amount);
  return name === undefined || amount === undefined ? undefined : { name, amount, sources };
}

function unrecognised(leaves: NamedLeaves, file: string, isCodeMissing: boolean): NutrisageError {
  const wanted = isCodeMissing ? ['code'] : INPUT_SOURCES.map(flatName);
  const hints = wanted.flatMap((name) => {
    const near = nearestName(name, leaves.names);
    return near === undefined ? [] : [`"${near}" looks like ${name}`];
  });
  const hint = hints.length === 0 ? '' : `; ${listNames(hints)}`;
  const missing = isCodeMissing ? 'no product code (column code)' : 'no nutrient column';
  return new NutrisageError(
    'unrecognised-columns',
    `${file} has ${missing}. Found: ${listNames(leaves.names)}${hint}.`,
    'Needed: code, and either the nested nutriments of the official export or flat columns such as ' +
      'energy_100g, saturated-fat_100g, sugars_100g. Rename the columns, or submit with a mapping file.',
  );
}
