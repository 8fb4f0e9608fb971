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
 * Two passes, names then amounts, since one tight loop each is a quarter faster than both in one.
 */
export function decodeNutriments(lists: Data): Float64Array[] {
  const elements = lists.children[0];
  const sources = sourcesOfNames(childNamed(elements, (name) => name === 'name'));
  return spreadAmounts(
    lists,
    childNamed(elements, (name) => name !== 'name'),
    sources,
  );
}

/** Index into `INPUT_SOURCES` of each list entry; -1 for names that are none of ours. */
function sourcesOfNames(names: Data): Int8Array {
  const { bytes, offsets } = viewText(names);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sources = new Int8Array(names.length);
  for (let entry = 0; entry < sources.length; entry += 1) {
    sources[entry] = findName(NAMES, view, offsets[entry] as number, offsets[entry + 1] as number);
  }
  return sources;
}

/** Lists have 15 to 40 entries, a dozen of them known: only those are restored to decimals. */
function spreadAmounts(lists: Data, amounts: Data, sources: Int8Array): Float64Array[] {
  const columns = INPUT_SOURCES.map(() => new Float64Array(lists.length).fill(Number.NaN));
  const isFloat32 = DataType.isFloat(amounts.type) && amounts.type.precision === 1;
  const values = isFloat32 ? (amounts.values as Float32Array) : decodeNumbers(amounts);
  const validity = isFloat32 ? validityOf(amounts) : undefined;
  const offsets = lists.valueOffsets as Int32Array;
  for (let row = 0; row < lists.length; row += 1) {
    const end = offsets[row + 1] as number;
    for (let entry = offsets[row] as number; entry < end; entry += 1) {
      const source = sources[entry] as number;
      if (source < 0) continue;
      const isNull = validity !== undefined && ((validity[entry >> 3] as number) & (1 << (entry & 7))) === 0;
      const column = columns[source] as Float64Array;
      if (isNull || !Number.isNaN(column[row])) continue;
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
