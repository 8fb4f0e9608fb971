/** What a table's item may weigh: Amazon DynamoDB’s limit of 400 KB, names and values together. */
export const ITEM_BYTES_MAX = 400 * 1024;

/** Of a list or map, and of each of its members. */
const CONTAINER_BYTES = 3;
const MEMBER_BYTES = 1;
/** Of a number whatever its digits: the most there can be. */
const NUMBER_BYTES = 21;

/**
 * Upper estimate of what a value weighs in an item, in bytes, by the rules of "DynamoDB item sizes and formats":
 * text as UTF-8, numbers up to 21, lists and maps 3 and one for each member. Absent values weigh nothing.
 */
export function itemBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return MEMBER_BYTES;
  let bytes = CONTAINER_BYTES;
  for (const [name, member] of Object.entries(value)) {
    const nameBytes = Array.isArray(value) ? 0 : Buffer.byteLength(name);
    bytes += MEMBER_BYTES + nameBytes + itemBytes(member);
  }
  return bytes;
}
