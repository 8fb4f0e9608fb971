/** Damage to a Parquet file that knows where its parts are: footer, its length, page headers, pages. Seeded. */
import { createRandom, type Random } from '../../../trainer/random.ts';

const MAGIC_BYTES = 4;
const TAIL_BYTES = 8;
/** 2^63 - 1 as a variable-length integer, as Thrift's compact protocol has counts, sizes and offsets. */
const HUGE_VARINT = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
const DAMAGES_MAX = 3;

type Damage = (file: Buffer, random: Random, other: Buffer) => Buffer<ArrayBufferLike>;

const DAMAGES: Readonly<Record<string, Damage>> = {
  'bits of the footer': (file, random) => flipBits(file, footerStart(file), file.length - TAIL_BYTES, random),
  'a huge number in the footer': (file, random) =>
    overwrite(file, within(footerStart(file), file.length - TAIL_BYTES, random), HUGE_VARINT),
  'a huge number put into the footer': (file, random) => {
    const at = within(footerStart(file), file.length - TAIL_BYTES, random);
    return withFooterLength(insert(file, at, HUGE_VARINT), footerLength(file) + HUGE_VARINT.length);
  },
  'a part of the footer missing': (file, random) => {
    const at = within(footerStart(file), file.length - TAIL_BYTES, random);
    const count = Math.min(1 + random.integer(12), file.length - TAIL_BYTES - at);
    return withFooterLength(remove(file, at, count), footerLength(file) - count);
  },
  'the length of the footer': (file, random) => withFooterLength(file, random.integer(2 ** 32)),
  'the first page’s header': (file, random) => flipBits(file, MAGIC_BYTES, MAGIC_BYTES + 24, random),
  'a huge number in the first page’s header': (file, random) =>
    overwrite(file, MAGIC_BYTES + random.integer(12), HUGE_VARINT.slice(4)),
  'bits of the pages': (file, random) => flipBits(file, MAGIC_BYTES, footerStart(file), random),
  'a part of the pages missing': (file, random) =>
    remove(file, within(MAGIC_BYTES, footerStart(file), random), 1 + random.integer(40)),
  'the pages of another file': (file, random, other) => {
    const cut = within(MAGIC_BYTES, footerStart(other), random);
    return Buffer.concat([other.subarray(0, cut), file.subarray(footerStart(file))]);
  },
  'zeros over the pages': (file, random) => {
    const at = within(MAGIC_BYTES, footerStart(file), random);
    return overwrite(file, at, new Array<number>(1 + random.integer(200)).fill(0));
  },
};

export interface DamagedFile {
  /** What was done to it, for people. */
  readonly damage: string;
  readonly bytes: Uint8Array;
}

/** The same file for the same seed, number and whole files. */
export function damagedParquet(seed: number, number: number, whole: readonly Uint8Array[]): DamagedFile {
  const random = createRandom(seed, `damaged file ${number}`);
  const pick = <T>(from: readonly T[]): T => {
    const found = from[random.integer(from.length)];
    if (found === undefined) throw new Error('There is nothing to draw from.');
    return found;
  };
  let file: Buffer = Buffer.from(pick(whole));
  const done: string[] = [];
  for (let damages = 1 + random.integer(DAMAGES_MAX); damages > 0; damages -= 1) {
    const [name, damage] = pick(Object.entries(DAMAGES));
    if (file.length <= MAGIC_BYTES + TAIL_BYTES) break;
    file = damage(file, random, Buffer.from(pick(whole)));
    done.push(name);
  }
  return { damage: done.join(', '), bytes: new Uint8Array(file) };
}

function footerLength(file: Buffer): number {
  const length = file.readUInt32LE(file.length - TAIL_BYTES);
  return Math.min(length, file.length - TAIL_BYTES - MAGIC_BYTES);
}

function footerStart(file: Buffer): number {
  return file.length - TAIL_BYTES - footerLength(file);
}

function within(start: number, end: number, random: Random): number {
  return start + random.integer(Math.max(1, end - start));
}

function flipBits(file: Buffer, start: number, end: number, random: Random): Buffer {
  const changed = Buffer.from(file);
  for (let flips = 1 + random.integer(8); flips > 0; flips -= 1) {
    const at = Math.min(changed.length - 1, within(start, end, random));
    changed[at] = (changed[at] ?? 0) ^ (1 << random.integer(8));
  }
  return changed;
}

function overwrite(file: Buffer, at: number, bytes: readonly number[]): Buffer {
  const changed = Buffer.from(file);
  bytes.forEach((byte, index) => {
    if (at + index < changed.length - TAIL_BYTES) changed[at + index] = byte;
  });
  return changed;
}

function insert(file: Buffer, at: number, bytes: readonly number[]): Buffer {
  return Buffer.concat([file.subarray(0, at), Buffer.from(bytes), file.subarray(at)]);
}

function remove(file: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([file.subarray(0, at), file.subarray(at + count)]);
}

function withFooterLength(file: Buffer, length: number): Buffer {
  const changed = Buffer.from(file);
  changed.writeUInt32LE(length >>> 0, changed.length - TAIL_BYTES);
  return changed;
}
