/**
 * Ceilings on what one file may be, so that nobody's file costs more than the operator allows: the size of the file is
 * known before a byte of it is read, that of the footer before it is parsed, rows and columns before a row group is.
 */
import { type Data, DataType, type Struct } from 'apache-arrow';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { NutrisageError } from '../errors.ts';

export interface FileCeilings {
  readonly fileBytes: number;
  /** Compressed or not, the footer is held and parsed whole. */
  readonly footerBytes: number;
  readonly rows: number;
  /** Leaves of the schema, needed or not. */
  readonly columns: number;
  /** UTF-8 bytes of one text in a needed column. */
  readonly textBytes: number;
}

const MEANINGS: {
  readonly [Kind in keyof FileCeilings]: { readonly what: string; readonly variable: string };
} = {
  fileBytes: { what: 'bytes', variable: ENVIRONMENT.fileBytesMax },
  footerBytes: { what: 'bytes of footer', variable: ENVIRONMENT.footerBytesMax },
  rows: { what: 'rows', variable: ENVIRONMENT.fileRowsMax },
  columns: { what: 'columns', variable: ENVIRONMENT.fileColumnsMax },
  textBytes: { what: 'bytes in one text', variable: ENVIRONMENT.textBytesMax },
};

/**
 * @param ceilings absent: none
 * @param name how errors name the file
 * @throws {NutrisageError} `above-ceiling`, which names the ceiling and the variable that sets it
 */
export function checkCeiling(
  ceilings: FileCeilings | undefined,
  kind: keyof FileCeilings,
  value: number,
  name: string,
): void {
  if (ceilings === undefined || value <= ceilings[kind]) return;
  const { what, variable } = MEANINGS[kind];
  throw new NutrisageError(
    'above-ceiling',
    `${name} has ${value} ${what}; the ceiling is ${ceilings[kind]} (${variable}).`,
    'Split the file or leave out what is not needed, or have whoever runs the workers raise the ceiling.',
  );
}

/** Refuses a batch that has a text above the ceiling, in whichever column, however nested. */
export function checkTexts(ceilings: FileCeilings | undefined, columns: Data<Struct>, name: string): void {
  if (ceilings === undefined) return;
  for (const column of columns.children) checkTextsOf(ceilings, column, name);
}

function checkTextsOf(ceilings: FileCeilings, column: Data, name: string): void {
  for (const child of column.children) checkTextsOf(ceilings, child, name);
  if (!DataType.isUtf8(column.type) && !DataType.isBinary(column.type)) return;
  const offsets = column.valueOffsets as Int32Array;
  const first = offsets[0] ?? 0;
  const all = (offsets[column.length] ?? first) - first;
  // Nearly always: a batch of ordinary texts is not walked at all, or for the longest alone.
  if (all <= ceilings.textBytes) return;
  let longest = 0;
  for (let row = 0; row < column.length; row += 1) {
    longest = Math.max(longest, (offsets[row + 1] as number) - (offsets[row] as number));
  }
  checkCeiling(ceilings, 'textBytes', longest, name);
}
