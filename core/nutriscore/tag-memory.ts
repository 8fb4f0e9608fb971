/**
 * Tags that were read before, by their very bytes, with what they say. Millions of rows name a few thousand tags: to find
 * one here takes a third of making its slug and looking that up.
 *
 * What is kept is bounded, and so is the search, whatever tags a file holds: a tag whose few slots are taken is read anew
 * each time, and when the memory is full it begins anew.
 */
import type { TextColumn } from '../items/item-columns.ts';

export interface TagMemory {
  /** Place of a tag by its hash, and in the slots after it; 0 is none. */
  readonly slots: Uint16Array;
  readonly tags: TextColumn;
  /** Tags kept, counting place 0, which is that of any tag that is not kept. */
  count: number;
  /** By place: role bits. */
  readonly roles: Uint32Array;
  /** By place: index of the food group, 0 for none. */
  readonly groups: Uint8Array;
}

const TAGS_MAX = 4096;
/** Twice what tags of Open Food Facts have; with longer ones the memory is full sooner. */
const BYTES_MAX = TAGS_MAX * 40;
/** Longer ones are no tags. */
const TAG_BYTES_MAX = 256;
/** At most a quarter is taken. */
const SLOTS = TAGS_MAX * 4;
const SLOTS_LOOKED_AT = 8;
/** Bytes of a tag that are hashed, evenly spread: many end alike (`-cheeses`), all begin alike. */
const SAMPLES_LOG2 = 3;

export function createTagMemory(): TagMemory {
  return {
    slots: new Uint16Array(SLOTS),
    tags: { bytes: new Uint8Array(BYTES_MAX), offsets: new Int32Array(TAGS_MAX + 1) },
    count: 1,
    roles: new Uint32Array(TAGS_MAX),
    groups: new Uint8Array(TAGS_MAX),
  };
}

/** Place of the tag `bytes[start … end)`, which is not empty; 0 where it is not kept. */
export function placeOf(memory: TagMemory, bytes: Uint8Array, start: number, end: number): number {
  const first = hash(bytes, start, end);
  for (let look = 0; look < SLOTS_LOOKED_AT; look += 1) {
    const place = memory.slots[(first + look) & (SLOTS - 1)] as number;
    if (place === 0 || isTagAt(memory, place, bytes, start, end)) return place;
  }
  return 0;
}

/** A place for a tag that has none, whose meaning is to be written there; 0 where it can not be kept. */
export function takePlace(memory: TagMemory, bytes: Uint8Array, start: number, end: number): number {
  const { slots, tags } = memory;
  const length = end - start;
  if (length > TAG_BYTES_MAX) return 0;
  if (memory.count === TAGS_MAX || (tags.offsets[memory.count] as number) + length > BYTES_MAX) {
    forget(memory);
  }
  const slot = freeSlot(slots, hash(bytes, start, end));
  if (slot === undefined) return 0;
  const place = memory.count;
  const from = tags.offsets[place] as number;
  for (let at = 0; at < length; at += 1) tags.bytes[from + at] = bytes[start + at] as number;
  tags.offsets[place + 1] = from + length;
  slots[slot] = place;
  memory.count += 1;
  return place;
}

function forget(memory: TagMemory): void {
  memory.slots.fill(0);
  memory.count = 1;
}

function freeSlot(slots: Uint16Array, first: number): number | undefined {
  for (let look = 0; look < SLOTS_LOOKED_AT; look += 1) {
    const slot = (first + look) & (SLOTS - 1);
    if (slots[slot] === 0) return slot;
  }
  return undefined;
}

function isTagAt({ tags }: TagMemory, place: number, bytes: Uint8Array, start: number, end: number): boolean {
  const from = tags.offsets[place] as number;
  const length = end - start;
  if ((tags.offsets[place + 1] as number) - from !== length) return false;
  for (let at = 0; at < length; at += 1) if (tags.bytes[from + at] !== bytes[start + at]) return false;
  return true;
}

/** FNV-1a of the length and the samples, its high half folded in, since slots go by the low bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let value = 0x811c9dc5 ^ length;
  for (let sample = 0; sample < 1 << SAMPLES_LOG2; sample += 1) {
    const at = start + ((sample * length) >> SAMPLES_LOG2);
    value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  }
  return value ^ (value >>> 16);
}
