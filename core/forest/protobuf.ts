/**
 * Reads protobuf's wire format in place. `@bufbuild/protobuf`, with which the trainer writes, was refused for reading:
 * it hands out a bigint a number (the shipped model has 800,000), and core/ would take a package for 80 lines.
 * Source: protobuf.dev, "Encoding".
 */
import { damaged } from './forest-error.ts';

export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** @param value of a varint; what has a length, or 4 or 8 bytes, lies from `from` to before `to`. */
export type VisitField = (field: number, wire: number, value: number, from: number, to: number) => void;

const FIELD_MAX = 2 ** 29 - 1;
const VARINT_BYTES_MAX = 10;
/** Seven times seven bits: the longest varint that a float64 holds exactly. */
const EXACT_BYTES_MAX = 7;

interface Cursor {
  at: number;
}

/** Calls `visit` for every field of the message from `from` to before `to`. @throws {ForestError} `damaged` */
export function visitFields(bytes: Uint8Array, from: number, to: number, visit: VisitField): void {
  const cursor: Cursor = { at: from };
  while (cursor.at < to) {
    const tag = readVarint(bytes, cursor, to);
    const wire = tag % 8;
    const field = Math.floor(tag / 8);
    if (field < 1 || field > FIELD_MAX)
      throw damaged(`there is no field ${field} in protobuf (byte ${cursor.at})`);
    if (wire === WIRE.varint) {
      visit(field, wire, readVarint(bytes, cursor, to), 0, 0);
      continue;
    }
    const length = lengthOf(wire, bytes, cursor, to);
    const begin = cursor.at;
    if (length < 0 || length > to - begin) {
      throw damaged(
        `a field of ${length} bytes does not fit where it is (byte ${begin}): the file is cut short`,
      );
    }
    cursor.at = begin + length;
    visit(field, wire, 0, begin, cursor.at);
  }
}

function lengthOf(wire: number, bytes: Uint8Array, cursor: Cursor, to: number): number {
  if (wire === WIRE.bytes) return readVarint(bytes, cursor, to);
  if (wire === WIRE.fixed32) return 4;
  if (wire === WIRE.fixed64) return 8;
  throw damaged(`protobuf has no wire type ${wire} (byte ${cursor.at})`);
}

/** Values of a packed list of signed 64-bit numbers; what is beyond 2^53 is rounded. */
export function readPackedIntegers(bytes: Uint8Array, from: number, to: number): Float64Array {
  let count = 0;
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) < 128) count += 1;
  const values = new Float64Array(count);
  const cursor: Cursor = { at: from };
  for (let index = 0; index < count; index += 1) {
    const first = bytes[cursor.at] as number;
    const second = bytes[cursor.at + 1] as number;
    // Nearly all are below 2^14; the loop over bytes takes three times as long.
    if (first < 128) {
      values[index] = first;
      cursor.at += 1;
    } else if (second < 128) {
      values[index] = first - 128 + second * 128;
      cursor.at += 2;
    } else {
      values[index] = readVarint(bytes, cursor, to);
    }
  }
  if (cursor.at !== to) throw damaged(`a list of numbers ends within one (byte ${to})`);
  return values;
}

/** Values of a packed list of float32. */
export function readPackedFloats(bytes: Uint8Array, from: number, to: number): Float32Array {
  if ((to - from) % 4 !== 0) throw damaged(`a list of float32 has ${to - from} bytes (byte ${from})`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array((to - from) / 4);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = view.getFloat32(from + index * 4, true);
  }
  return values;
}

function readVarint(bytes: Uint8Array, cursor: Cursor, to: number): number {
  let value = 0;
  let scale = 1;
  const begin = cursor.at;
  for (let at = begin; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 128) {
      cursor.at = at + 1;
      return at - begin < EXACT_BYTES_MAX ? value + byte * scale : readLongVarint(bytes, begin, at);
    }
    if (at - begin === VARINT_BYTES_MAX - 1) throw damaged(`a number has more than 10 bytes (byte ${begin})`);
    value += (byte - 128) * scale;
    scale *= 128;
  }
  throw damaged(`the file ends within a number (byte ${begin})`);
}

/** A negative number takes ten bytes. */
function readLongVarint(bytes: Uint8Array, begin: number, last: number): number {
  let value = 0n;
  for (let at = last; at >= begin; at -= 1) value = (value << 7n) | BigInt((bytes[at] as number) & 127);
  return Number(BigInt.asIntN(64, value));
}
