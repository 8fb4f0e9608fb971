/** The nested `nutriments` of the official export: a list of (name, amount) per product. */
import { type Data, DataType } from 'apache-arrow';
import { decodeNumbers, validityOf } from './decode-numbers.ts';
import { viewText } from './decode-text.ts';
import { INPUT_SOURCES } from './input-sources.ts';
import { createNameTable, findName } from './name-table.ts';
import { restoreDecimal, roundProduct } from './restore-decimal.ts';

const NAMES = createNameTable(INPUT_SOURCES.map(({ name }) => name));
const FACTORS = Float64Array.from(INPUT_SOURCES, ({ factor }) => factor);

/**
 * One column per entry of `INPUT_SOURCES`, NaN where a product's list has not that name or its amount is
 * null. The amounts are read as they stand, `energy` in kJ and `energy-kcal` in kcal: in this export the
 * `unit` beside them is that of another field. Of a name that a list holds twice the first amount counts.
 *
 * Only the amounts of known names are restored to decimals: lists have 15 to 40 entries, a dozen are known.
 */
export function decodeNutriments(lists: Data): Float64Array[] {
  const rowCount = lists.length;
  const columns = INPUT_SOURCES.map(() => new Float64Array(rowCount).fill(Number.NaN));
  const elements = lists.children[0];
  const names = childNamed(elements, (name) => name === 'name');
  const amounts = childNamed(elements, (name) => name !== 'name');
  const { bytes, offsets: nameOffsets } = viewText(names);
  const nameBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFloat32 = DataType.isFloat(amounts.type) && amounts.type.precision === 1;
  const values = isFloat32 ? (amounts.values as Float32Array) : decodeNumbers(amounts);
  const validity = isFloat32 ? validityOf(amounts) : undefined;
  const listOffsets = lists.valueOffsets as Int32Array;

  for (let row = 0; row < rowCount; row += 1) {
    const end = listOffsets[row + 1] as number;
    for (let entry = listOffsets[row] as number; entry < end; entry += 1) {
      const isNull = validity !== undefined && ((validity[entry >> 3] as number) & (1 << (entry & 7))) === 0;
      if (isNull) continue;
      const source = findName(
        NAMES,
        nameBytes,
        nameOffsets[entry] as number,
        nameOffsets[entry + 1] as number,
      );
      if (source < 0) continue;
      const column = columns[source] as Float64Array;
      if (!Number.isNaN(column[row])) continue;
      const value = isFloat32 ? restoreDecimal(values[entry] as number) : (values[entry] as number);
      const factor = FACTORS[source] as number;
      column[row] = factor === 1 ? value : roundProduct(value * factor);
    }
  }
  return columns;
}

function childNamed(elements: Data | undefined, isWanted: (name: string) => boolean): Data {
  const index = elements?.type.children.findIndex((field: { name: string }) => isWanted(field.name)) ?? -1;
  const child = elements?.children[index];
  if (child === undefined)
    throw new TypeError('The nutriments have no such child; the types were not checked.');
  return child;
}
