/** Finds one of a few known names by its bytes, without making a string of it. */

export interface NameTable {
  /** Open addressing: number of a name plus 1, or 0 for an empty slot. */
  readonly slots: Uint8Array;
  readonly lengths: Int32Array;
  /** First and last four bytes of each name, which are the whole of one of up to eight bytes. */
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly names: readonly DataView[];
}

/** One byte of the hash. At 27 names, a name that is not among them nearly always meets an empty slot. */
const SLOTS = 256;

/** @throws {RangeError} for more names than a table of this size finds quickly. */
export function createNameTable(names: readonly string[]): NameTable {
  if (names.length > SLOTS / 4)
    throw new RangeError(`${names.length} names are too many for one name table.`);
  const slots = new Uint8Array(SLOTS);
  const views = names.map((name) => new DataView(new TextEncoder().encode(name).buffer));
  const lengths = Int32Array.from(views, (view) => view.byteLength);
  const heads = Int32Array.from(views, (view) => headOf(view, 0, view.byteLength));
  const tails = Int32Array.from(views, (view) => tailOf(view, 0, view.byteLength));
  views.forEach((view, number) => {
    let slot = slotOf(view.byteLength, heads[number] as number, tails[number] as number);
    while (slots[slot] !== 0) slot = (slot + 1) % SLOTS;
    slots[slot] = number + 1;
  });
  return { slots, lengths, heads, tails, names: views };
}

/**
 * Number of the name at bytes `start … end` in the order given, or -1. Four bytes are looked at at a time,
 * which `DataView` reads from any place.
 */
export function findName(table: NameTable, bytes: DataView, start: number, end: number): number {
  const length = end - start;
  const head = headOf(bytes, start, length);
  const tail = tailOf(bytes, start, length);
  for (let slot = slotOf(length, head, tail); ; slot = (slot + 1) % SLOTS) {
    const number = (table.slots[slot] as number) - 1;
    if (number < 0) return -1;
    const areEndsSame =
      table.lengths[number] === length && table.heads[number] === head && table.tails[number] === tail;
    if (areEndsSame && isMiddleSame(table.names[number] as DataView, bytes, start, length)) return number;
  }
}

function headOf(bytes: DataView, start: number, length: number): number {
  return length >= 4 ? bytes.getInt32(start, true) : shortWord(bytes, start, length);
}

function tailOf(bytes: DataView, start: number, length: number): number {
  return length >= 4 ? bytes.getInt32(start + length - 4, true) : 0;
}

/** Up to three bytes in one number. */
function shortWord(bytes: DataView, start: number, length: number): number {
  let word = 0;
  for (let index = 0; index < length; index += 1) word = (word << 8) | bytes.getUint8(start + index);
  return word;
}

function slotOf(length: number, head: number, tail: number): number {
  return Math.imul((head ^ Math.imul(tail, 31)) + length, 0x9e3779b1) >>> 24;
}

/** Between the first and the last four bytes, in steps that may overlap the last. */
function isMiddleSame(name: DataView, bytes: DataView, start: number, length: number): boolean {
  for (let at = 4; at < length - 4; at += 4) {
    if (name.getInt32(at, true) !== bytes.getInt32(start + at, true)) return false;
  }
  return true;
}
