/**
 * Which column of a source feeds which column of the dataset, as SQL expressions: a pure function of the
 * columns that the source has. Four shapes are known: the official export with its nested `nutriments`, its
 * flat columns, dumps of before 2020, and amounts beside their units.
 */
import { NutrisageError } from '../../../core/errors.ts';
import { listNames } from '../../../core/parquet/leaf-paths.ts';
import { GRADES } from '../../../schemas/grade.ts';
import { listOfText, notEmpty, numberOfText, sqlName, sqlText, sqlTexts } from '../sql-text.ts';
import { type NutrientSource, nutrientSource } from './nutrient-sql.ts';
import {
  type ChoiceColumn,
  NUTRIENT_COLUMNS,
  OTHER_OUTPUT_COLUMNS,
  type OtherColumn,
} from './output-columns.ts';
import * as known from './source-columns.ts';

export type SourceShape = 'official export' | 'flat columns' | 'older dump' | 'value and unit columns';
export type CodeOrigin = 'given' | 'row numbers';
/** Which rules the grades of the source follow: only `2023` makes labels. */
export type GradeRules = '2023' | 'older' | 'none';

export interface SourcePlan {
  readonly shape: SourceShape;
  readonly codes: CodeOrigin;
  readonly gradeRules: GradeRules;
  readonly others: Readonly<Record<OtherColumn, string>>;
  readonly choice: Readonly<Record<Exclude<ChoiceColumn, 'inputs_given'>, string>>;
  readonly nutrients: NutrientSource;
}

export interface SourceRequest {
  /** How errors and the column `source` name it: the file's name without its endings. */
  readonly name: string;
  readonly columns: readonly known.SourceColumn[];
  /** Tag or name of the one country to keep. */
  readonly country?: string;
}

/** @throws {NutrisageError} `unrecognised-columns`, with what was found instead. */
export function planSource(request: SourceRequest): SourcePlan {
  const { name, columns } = request;
  const nutrients = nutrientSource(columns);
  if (nutrients === undefined) throw unrecognised(request);
  const find = finderOf(columns);
  const gradeRules = gradeRulesOf(find, nutrients.isNested);
  const code = codeOf(find, name);
  const tags = listOf(find(known.CATEGORY_TAG_COLUMNS));
  const names = textOf(find(known.CATEGORY_NAME_COLUMNS));
  return {
    shape: shapeOf(nutrients, find),
    codes: code.origin,
    gradeRules,
    nutrients,
    others: {
      code: code.sql,
      product_name: productName(columns),
      // The reader takes names among tags, and one list for both lets sources of either kind stand in one file.
      categories_tags: coalesce([tags, names === undefined ? undefined : listOfText(names)], 'VARCHAR[]'),
      categories: namesWithoutTags(names, tags),
      food_groups_tags: coalesce(
        known.FOOD_GROUP_COLUMNS.map((column) => listOf(find([column]))),
        'VARCHAR[]',
      ),
      with_non_nutritive_sweeteners: integerOf(find(known.SWEETENER_COLUMNS), 'INTEGER'),
      nutriscore_grade: gradeOf(find, gradeRules),
      source: sqlText(name),
    },
    choice: {
      is_of_country: isOfCountry(find, request),
      modified: integerOf(find(known.MODIFIED_COLUMNS), 'BIGINT'),
      has_withheld_grade: withheldGrade(find, gradeRules),
    },
  };
}

export type Finder = (names: readonly string[]) => known.SourceColumn | undefined;

function finderOf(columns: readonly known.SourceColumn[]): Finder {
  return (names) => {
    for (const wanted of names) {
      const found = columns.find(({ name }) => name === wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function shapeOf({ isNested, hasUnits }: NutrientSource, find: Finder): SourceShape {
  if (isNested) return 'official export';
  if (hasUnits) return 'value and unit columns';
  return find(known.SIGNS_OF_OLDER_DUMP) === undefined ? 'flat columns' : 'older dump';
}

function gradeRulesOf(find: Finder, isNested: boolean): GradeRules {
  const hasGrade = find(known.GRADE_COLUMNS) !== undefined;
  const isSince2023 =
    isNested ||
    find(known.SIGNS_OF_2023_RULES) !== undefined ||
    find([known.GRADE_VERSION_COLUMN]) !== undefined;
  if (hasGrade && isSince2023) return '2023';
  return hasGrade || find(known.OLD_GRADE_COLUMNS) !== undefined ? 'older' : 'none';
}

const LETTERS = sqlTexts(GRADES);

function gradeOf(find: Finder, rules: GradeRules): string {
  const column = find(known.GRADE_COLUMNS);
  if (rules !== '2023' || column === undefined) return 'NULL::VARCHAR';
  const grade = `lower(trim(${sqlName(column.name)}::VARCHAR))`;
  const isLetter = `list_contains(${LETTERS}, ${grade})`;
  return `CASE WHEN ${isLetter} AND ${isOf2023(find)} THEN ${grade} END`;
}

function isOf2023(find: Finder): string {
  const version = find([known.GRADE_VERSION_COLUMN]);
  return version === undefined ? 'true' : `trim(${sqlName(version.name)}::VARCHAR) = '2023'`;
}

/** Whether the row has a grade of older rules, for the data card to say how many were left out. */
function withheldGrade(find: Finder, rules: GradeRules): string {
  const names = rules === '2023' ? known.GRADE_COLUMNS : [...known.GRADE_COLUMNS, ...known.OLD_GRADE_COLUMNS];
  const column = find(names);
  if (column === undefined) return 'false';
  const isLetter = `coalesce(list_contains(${LETTERS}, lower(trim(${sqlName(column.name)}::VARCHAR))), false)`;
  return rules === '2023' ? `${isLetter} AND NOT coalesce(${isOf2023(find)}, false)` : isLetter;
}

/** Numbers of rows are made unlike barcodes and unlike those of other files: `file#17`. */
function codeOf(find: Finder, name: string): { sql: string; origin: CodeOrigin } {
  const code = find(known.CODE_COLUMNS);
  if (code !== undefined) return { sql: codeText(code), origin: 'given' };
  const numbers = find(known.ROW_NUMBER_COLUMNS);
  const number = numbers === undefined ? 'row_number() OVER ()' : codeText(numbers);
  return { sql: `${sqlText(`${name}#`)} || ${number}`, origin: 'row numbers' };
}

function codeText({ name, type }: known.SourceColumn): string {
  const isFloat = type === 'DOUBLE' || type === 'FLOAT';
  const text = isFloat ? `${sqlName(name)}::HUGEINT::VARCHAR` : `${sqlName(name)}::VARCHAR`;
  return `nullif(trim(${text}), '')`;
}

function productName(columns: readonly known.SourceColumn[]): string {
  const column = columns.find(({ name }) => known.PRODUCT_NAME.test(name));
  if (column === undefined) return 'NULL::VARCHAR';
  const name = sqlName(column.name);
  if (!isListType(column)) return `nullif(trim(${name}::VARCHAR), '')`;
  // The entry `main` repeats the one of the product's own language.
  return `nullif(trim(coalesce(list_filter(${name}, lambda entry: entry.lang = 'main')[1].text, ${name}[1].text)), '')`;
}

function isListType({ type }: known.SourceColumn): boolean {
  return type.endsWith('[]');
}

function listOf(column: known.SourceColumn | undefined): string | undefined {
  if (column === undefined) return undefined;
  return isListType(column) ? notEmpty(sqlName(column.name)) : listOfText(`${sqlName(column.name)}::VARCHAR`);
}

function textOf(column: known.SourceColumn | undefined): string | undefined {
  return column === undefined || isListType(column) ? undefined : `${sqlName(column.name)}::VARCHAR`;
}

function namesWithoutTags(names: string | undefined, tags: string | undefined): string {
  if (names === undefined) return 'NULL::VARCHAR';
  const text = `nullif(trim(${names}), '')`;
  return tags === undefined ? text : `CASE WHEN ${tags} IS NULL THEN ${text} END`;
}

function coalesce(choices: readonly (string | undefined)[], type: string): string {
  return `coalesce(${[...choices.filter((choice) => choice !== undefined), 'NULL'].join(', ')})::${type}`;
}

function integerOf(column: known.SourceColumn | undefined, type: 'INTEGER' | 'BIGINT'): string {
  // Through text: a dump may hold 1617284730.0.
  return column === undefined
    ? `NULL::${type}`
    : `TRY_CAST(${numberOfText(`${sqlName(column.name)}::VARCHAR`)} AS ${type})`;
}

function isOfCountry(find: Finder, { country, name, columns }: SourceRequest): string {
  if (country === undefined) return 'true';
  const lists = known.COUNTRY_COLUMNS.map((column) => listOf(find([column]))).filter(
    (list) => list !== undefined,
  );
  if (lists.length === 0) {
    throw new NutrisageError(
      'unrecognised-columns',
      `${name} has no column of countries (${known.COUNTRY_COLUMNS.join(', ')}), so --country cannot be applied. ` +
        `Found: ${listNames(columns.map((column) => column.name))}.`,
      'Leave --country out, or take a source that says where its products are sold.',
    );
  }
  const isNamed = lists.map(
    (list) =>
      `list_contains(list_transform(${list}, lambda item: slug_of(item)), slug_of(${sqlText(country)}))`,
  );
  return `coalesce(${isNamed.map((sql) => `coalesce(${sql}, false)`).join(' OR ')}, false)`;
}

function unrecognised({ name, columns }: SourceRequest): NutrisageError {
  const wanted = NUTRIENT_COLUMNS.slice(0, 4).map((column) => column.name);
  return new NutrisageError(
    'unrecognised-columns',
    `${name} has no nutrient column. Found: ${listNames(columns.map((column) => column.name))}.`,
    `Needed: the nested nutriments of the official export, flat columns such as ${wanted.join(', ')}, ` +
      'or amounts beside their units such as fat_value and fat_unit.',
  );
}

/** Every column of the staged rows but the nutrients, with its SQL. */
export function otherSelections(plan: SourcePlan): string[] {
  const outputs = OTHER_OUTPUT_COLUMNS.map((column) => `${plan.others[column]} AS ${sqlName(column)}`);
  const choices = Object.entries(plan.choice).map(([column, sql]) => `${sql} AS ${sqlName(column)}`);
  return [...outputs, ...choices];
}
