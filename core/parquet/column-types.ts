/** Which types each input may have, checked once per file so that the decoder meets no other. */
import { DataType, type Field, type Schema } from 'apache-arrow';
import { NutrisageError } from '../errors.ts';
import type { InputPlan, ShapeRequest } from './input-shapes.ts';
import type { OtherRole } from './input-sources.ts';
import { dotted, type LeafPath } from './leaf-paths.ts';
import { mappedColumn } from './mapping-targets.ts';

/** A column of nulls alone, as pandas writes one without any value, fits everywhere. */
export function isNumberType(type: DataType): boolean {
  const isWideFloat = DataType.isFloat(type) && type.precision !== 0;
  return isWideFloat || DataType.isInt(type) || DataType.isDecimal(type) || DataType.isNull(type);
}

/** Plain or without the UTF-8 mark, as old Spark and Impala write text. */
export function isTextType(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isBinary(type) || DataType.isNull(type);
}

/** Retailers keep barcodes as numbers; a 32-bit float has no room for one. */
function isCodeType(type: DataType): boolean {
  const isDouble = DataType.isFloat(type) && type.precision === 2;
  const isWholeDecimal = DataType.isDecimal(type) && type.scale === 0;
  return isTextType(type) || DataType.isInt(type) || isDouble || isWholeDecimal;
}

function isTagsType(type: DataType): boolean {
  return isTextType(type) || (DataType.isList(type) && isTextType(type.valueType));
}

interface Expectation {
  readonly expected: string;
  accepts(type: DataType): boolean;
}

const NUMBER: Expectation = { expected: 'a number', accepts: isNumberType };

const OTHERS: Readonly<Record<OtherRole, Expectation>> = {
  code: { expected: 'text (or a whole number)', accepts: isCodeType },
  categories: { expected: 'a list of texts, or text separated by commas', accepts: isTagsType },
  foodGroups: { expected: 'a list of texts, or text separated by commas', accepts: isTagsType },
  sweeteners: NUMBER,
  reportedGrade: { expected: 'text', accepts: isTextType },
};

const NUTRIMENTS: Expectation = {
  expected: 'a list of structs with a text name and a number 100g',
  accepts(type) {
    if (!DataType.isList(type) || !DataType.isStruct(type.valueType)) return false;
    const [first, second] = type.valueType.children;
    if (first === undefined || second === undefined) return false;
    const [name, amount] = first.name === 'name' ? [first, second] : [second, first];
    return isTextType(name.type) && isNumberType(amount.type);
  },
};

/** @throws {NutrisageError} `wrong-column-type`, with every column of a wrong type in one message. */
export function checkColumnTypes(schema: Schema, plan: InputPlan, { name, mapping }: ShapeRequest): void {
  const faults: string[] = [];
  const mapped = new Set(Object.values(mapping?.columns ?? {}).map((mapped) => mappedColumn(mapped).column));
  const check = (path: LeafPath, { accepts, expected }: Expectation) => {
    // Only a mapping leads into structs: a struct that happens to have a nutrient's name is no nutrient.
    const field = mapped.has(dotted(path)) ? fieldAt(schema, path) : fieldAt(schema, path.slice(0, 1));
    if (field === undefined || !accepts(field.type)) {
      faults.push(`${path[0]} is ${typeName(field?.type)} where ${expected} is needed`);
    }
  };
  for (const [role, path] of Object.entries(plan.others)) check(path, OTHERS[role as OtherRole]);
  for (const { path } of plan.numbers) check(path, NUMBER);
  if (plan.nutriments !== undefined) check(plan.nutriments.name, NUTRIMENTS);
  if (faults.length === 0) return;
  throw new NutrisageError(
    'wrong-column-type',
    `${name} has columns of the wrong type: ${faults.join('; ')}.`,
    'Cast them where the file is written, such as CAST(energy_100g AS DOUBLE), and submit it again.',
  );
}

/** The field that a path leads to through structs; a list ends the way, since its elements are no rows. */
function fieldAt(schema: Schema, path: LeafPath): Field | undefined {
  let field = schema.fields.find(({ name }) => name === path[0]);
  for (
    let depth = 1;
    depth < path.length && field !== undefined && DataType.isStruct(field.type);
    depth += 1
  ) {
    field = field.type.children.find(({ name }) => name === path[depth]);
  }
  return field;
}

/** Arrow's own text, but for decimals, which it writes as `Decimal[10e+2]`. */
function typeName(type: DataType | undefined): string {
  if (type === undefined) return 'absent';
  return String(type).replace(
    /Decimal\[(\d+)e([+-]\d+)\]/,
    (_, digits, scale) => `Decimal(${digits}, ${Number(scale)})`,
  );
}
