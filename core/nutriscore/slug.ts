/**
 * Category names as slugs, byte by byte, without making a string.
 *
 * `en:Plant-based foods`, `en:plant-based-foods` and ` Plant-based foods` are one slug,
 * `plant-based-foods`: a language prefix is dropped, ASCII is lowered, Latin letters lose their accents
 * (`ß` becomes `ss`, `œ` `oe`, `æ` `ae`), and a run of spaces and punctuation is one hyphen. Other scripts
 * pass unchanged. Text that was encoded twice (`CafÃ©s`) is read as what it once was, where the letter is
 * one of U+00C0 to U+00FF: those are the accents of western Europe, and old dumps are full of them.
 */

/** Longer names are no entry of any table here. */
export const SLUG_BYTES_MAX = 96;

const HYPHEN = 0x2d;
const COLON = 0x3a;
const SEPARATOR = '-';

/** What stands for each code point from U+00C0 to U+00FF. */
const LATIN_1 = (
  'a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th ss ' +
  'a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th y'
).split(' ');

/** By ASCII byte: the letter or digit that it is in a slug, 0 for a separator. Most bytes end here. */
const ASCII = Uint8Array.from({ length: 0x80 }, (_, byte) => {
  const lowered = String.fromCharCode(byte).toLowerCase();
  return /[a-z0-9]/.test(lowered) ? lowered.charCodeAt(0) : 0;
});

/** Writes the slug of `bytes[start … end)` to `out` and returns its length; -1 when it does not fit. */
export function writeSlug(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let at = afterLanguagePrefix(bytes, start, end);
  let length = 0;
  let isHyphenDue = false;
  while (at < end) {
    // Room for a hyphen and the widest letter: a slug this long is in no table anyway.
    if (length + 5 > out.length) return -1;
    const lead = bytes[at] as number;
    // A letter that is cut off ends where the text does: what stands behind is another's.
    const width = lead < 0x80 ? 1 : Math.min(widthOf(bytes, at), end - at);
    const point = lead < 0x80 ? lead : codePoint(bytes, at, width);
    at += width;
    if (isSeparator(point)) {
      isHyphenDue = length > 0;
      continue;
    }
    if (isHyphenDue) out[length++] = HYPHEN;
    isHyphenDue = false;
    if (point < 0x80) out[length++] = ASCII[point] as number;
    else length = writeLetter(point, bytes, at - width, width, out, length);
  }
  return length;
}

/** `en:`, `fr:` or `xx:` at the start, spaces before it allowed, is no part of the slug. */
function afterLanguagePrefix(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 0x20) at += 1;
  const hasPrefix = at + 2 < end && bytes[at + 2] === COLON;
  return hasPrefix ? at + 3 : at;
}

/** Bytes of the letter at `at`; four for one of two bytes that was encoded twice. */
function widthOf(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return isTwiceEncoded(bytes, at) ? 4 : 2;
  return lead < 0xf0 ? 3 : 4;
}

/** `Ã` and a byte from U+0080 to U+00BF: what UTF-8 of U+00C0 to U+00FF becomes when taken for Latin-1. */
function isTwiceEncoded(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xc3 && bytes[at + 1] === 0x83 && bytes[at + 2] === 0xc2;
}

/** Stands for every code point of four bytes: such letters and signs are copied, whichever they are. */
const FOUR_BYTES = 0x10000;

function codePoint(bytes: Uint8Array, at: number, width: number): number {
  const lead = bytes[at] as number;
  const second = (bytes[at + 1] as number) & 0x3f;
  if (width === 2) return ((lead & 0x1f) << 6) | second;
  if (width === 3) return ((lead & 0x0f) << 12) | (second << 6) | ((bytes[at + 2] as number) & 0x3f);
  if (width === 1) return lead;
  return isTwiceEncoded(bytes, at) ? ((bytes[at + 3] as number) & 0x3f) | 0xc0 : FOUR_BYTES;
}

function isSeparator(point: number): boolean {
  if (point < 0x80) return ASCII[point] === 0;
  const isLatinSign = point < 0xc0 || LATIN_1[point - 0xc0] === SEPARATOR;
  const isPunctuation = point >= 0x2000 && point <= 0x206f;
  return isLatinSign || isPunctuation;
}

function writeLetter(
  point: number,
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Uint8Array,
  length: number,
): number {
  let next = length;
  const folded = point === 0x152 || point === 0x153 ? 'oe' : LATIN_1[point - 0xc0];
  if (folded === undefined) {
    for (let index = 0; index < width; index += 1) out[next++] = bytes[at + index] as number;
    return next;
  }
  for (let index = 0; index < folded.length; index += 1) out[next++] = folded.charCodeAt(index);
  return next;
}
