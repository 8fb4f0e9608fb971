/** Finds one of a few known names by its bytes, without making a string of it. */

export interface NameTable {
  /** Open addressing: number of a name plus 1, or 0 for an empty slot. */
  readonly slots: Uint8Array;
  readonly names: readonly Uint8Array[];
}

/** At 27 names of 256 slots, a name that is not among them nearly always meets an empty slot at once. */
const SLOTS = 256;

/** @throws {RangeError} for more names than a table of this size can find quickly. */
export function createNameTable(names: readonly string[]): NameTable {
  if (names.length > SLOTS / 4)
    throw new RangeError(`${names.length} names are too many for one name table.`);
  const slots = new Uint8Array(SLOTS);
  const encoded = names.map((name) => new TextEncoder().encode(name));
  encoded.forEach((name, number) => {
    let slot = slotOf(name, 0, name.length);
    while (slots[slot] !== 0) slot = (slot + 1) % SLOTS;
    slots[slot] = number + 1;
  });
  return { slots, names: encoded };
}

/** Number of the name `bytes[start … end)` in the order given, or -1. */
export function findName(table: NameTable, bytes: Uint8Array, start: number, end: number): number {
  for (let slot = slotOf(bytes, start, end); ; slot = (slot + 1) % SLOTS) {
    const number = (table.slots[slot] as number) - 1;
    if (number < 0 || isSame(table.names[number] as Uint8Array, bytes, start, end)) return number;
  }
}

/** Length, ends and middle tell nutrient names apart; hashing every byte takes twice as long. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[end - 1] as number;
  return (length * 59 + first * 7 + middle * 31 + last * 13) & (SLOTS - 1);
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index += 1) {
    if (name[index] !== bytes[start + index]) return false;
  }
  return true;
}
