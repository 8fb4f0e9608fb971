/** Values that no client should send, as JSON text and as bytes; the same for the same seed. */
import { ITEM_FIELDS } from '../../core/items/item-fields.ts';
import { madeItems } from '../../producer/load/load-bodies.ts';
import type { Random } from '../../trainer/random.ts';

const NAMES: readonly string[] = ITEM_FIELDS.map(({ name }) => name);
const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'then',
  'toJSON',
  'length',
] as const;
/** Some are no JSON, some become infinite, some have no exact double. */
const NUMBERS = [
  '1e308',
  '1e309',
  '-1e309',
  '5e-324',
  '-0',
  '99999999999999999999999999',
  '0.1000000000000000055511151231257827',
  '1E+2',
  '-1',
  '1e-999',
  '9007199254740993',
  'NaN',
  'Infinity',
  '+1',
  '01',
  '.5',
  '0x10',
  `1${'0'.repeat(400)}`,
  `0.${'3'.repeat(5000)}`,
] as const;
const TEXTS = [
  '',
  '\\u0000',
  '\\ud800',
  '\\udc00\\ud800',
  '\u202e\u0000',
  '../../etc/passwd',
  "'; DROP TABLE grades; --",
  '<script>alert(1)</script>',
  '\u{1f480}'.repeat(20),
] as const;

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)] as T;
}

/** Any JSON value as text, or what looks like one. */
export function hostileValue(random: Random, depth = 0): string {
  switch (random.integer(depth > 3 ? 5 : 8)) {
    case 0:
      return pick(random, NUMBERS);
    case 1:
      return pick(random, ['null', 'true', 'false', 'undefined']);
    case 2:
      return `"${pick(random, TEXTS)}"`;
    case 3:
      return `"${pick(random, ['a', '\\n', 'é']).repeat(random.integer(3000))}"`;
    case 4:
      return String(random.next() * 200 - 50);
    case 5:
      return `[${many(random, 4, () => hostileValue(random, depth + 1))}]`;
    case 6:
      return hostileItem(random, depth + 1);
    default:
      return '{}';
  }
}

/** An object with names of items, near ones, and those of prototypes; names may repeat. */
export function hostileItem(random: Random, depth = 0): string {
  const name = (): string =>
    pick(random, [
      pick(random, NAMES),
      pick(random, NAMES),
      pick(random, PROTOTYPE_NAMES),
      `x${random.integer(99)}`,
    ]);
  return `{${many(random, 8, () => `"${name()}":${hostileValue(random, depth + 1)}`)}}`;
}

function many(random: Random, most: number, make: () => string): string {
  return Array.from({ length: random.integer(most + 1) }, make).join(',');
}

export function plainItem(random: Random): string {
  return JSON.stringify(pick(random, madeItems()));
}

/** Arrays in arrays, or objects in objects, closed or not. */
export function deepValue(random: Random): string {
  const depth = 1 + random.integer(100_000);
  const isClosed = random.next() < 0.5;
  return random.next() < 0.5
    ? `${'['.repeat(depth)}${isClosed ? ']'.repeat(depth) : ''}`
    : `${'{"a":'.repeat(depth)}1${isClosed ? '}'.repeat(depth) : ''}`;
}

/** Bytes of a body in which some are another. */
export function damagedBytes(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text);
  for (let change = 0; change <= random.integer(4) && bytes.length > 0; change += 1) {
    bytes[random.integer(bytes.length)] = random.integer(256);
  }
  return bytes;
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(256)));
}
