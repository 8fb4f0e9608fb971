/**
 * The door between a `ByteSource` and parquet-wasm, which reads files through the members `size`, `slice`
 * and `arrayBuffer` of a `Blob`: a subclass of it turns them into ranged reads, so that only the footer and
 * the needed column chunks travel. Three of the library's traps are closed here:
 *
 * - Without the cheap checks of `openRangedBlob`, a file that is no Parquet panics inside wasm, and a panic
 *   is an uncaught error that ends the thread.
 * - An `arrayBuffer()` that rejects, or brings too few bytes, panics too. So a failed read is kept for
 *   `whileReading`, which rejects with it, while wasm is left waiting for ever.
 * - The Arrow schema that writers embed makes the reader give dictionaries and 64-bit offsets, and panic on
 *   Polars' categoricals. Its key is overwritten in the footer: every text is Utf8 then, every list a List.
 */
import { NutrisageError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { checkCeiling, type FileCeilings } from './file-ceilings.ts';

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
/** Footer length (4 bytes) and magic. */
const TAIL_BYTES = 8;
/** Head magic, tail, and a footer of at least a byte. */
const SMALLEST_FILE_BYTES = 4 + TAIL_BYTES + 1;
/** One read that brings most footers whole; a longer one costs a second read. */
const TAIL_READ_BYTES = 64 * 1024;
/**
 * Least bytes of one read. The library asks for one column chunk after the other and waits for each, so with
 * a store that takes 30 ms to answer, 13 small chunks would cost 0.4 s; half a mebibyte more takes 8 ms.
 */
const READ_AHEAD_BYTES = 512 * 1024;

const ARROW_SCHEMA_KEY = Buffer.from('ARROW:schema', 'latin1');
const OVERWRITTEN_FIRST_BYTE = 'X'.charCodeAt(0);

/** Bytes that are held in memory, at their place in the file. */
interface HeldBytes {
  readonly start: number;
  readonly bytes: Uint8Array;
}

function holds({ start, bytes }: HeldBytes, wantedStart: number, wantedEnd: number): boolean {
  return wantedStart >= start && wantedEnd <= start + bytes.length;
}

/** What all slices of one file share. */
class SharedReads {
  readonly source: ByteSource;
  readonly footer: HeldBytes;
  #ahead: HeldBytes;
  readonly failed: Promise<never>;
  readonly #fail: (reason: unknown) => void;

  constructor(source: ByteSource, footer: HeldBytes) {
    this.source = source;
    this.footer = footer;
    this.#ahead = footer;
    const { promise, reject } = Promise.withResolvers<never>();
    // Awaited only while wasm reads; a failure at another time must not count as unhandled.
    promise.catch(() => {});
    this.failed = promise;
    this.#fail = reject;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const held = [this.footer, this.#ahead].find((bytes) => holds(bytes, start, end));
    if (held !== undefined) return held.bytes.subarray(start - held.start, end - held.start);
    // Never into the footer: its bytes are the changed ones.
    const readEnd = Math.max(end, Math.min(start + READ_AHEAD_BYTES, this.footer.start));
    try {
      const bytes = await readExactly(this.source, start, readEnd);
      if (readEnd > end) this.#ahead = { start, bytes };
      return bytes.subarray(0, end - start);
    } catch (error) {
      this.#fail(error);
      return new Promise(() => {});
    }
  }
}

export class RangedBlob extends Blob {
  override readonly size: number;
  readonly #shared: SharedReads;
  readonly #start: number;

  constructor(shared: SharedReads, start: number, end: number) {
    super([]);
    this.size = end - start;
    this.#shared = shared;
    this.#start = start;
  }

  /** Offsets count from the start of this slice; negative ones, which wasm never sends, are not supported. */
  override slice(start = 0, end = this.size): RangedBlob {
    const within = (offset: number) => Math.min(Math.max(offset, 0), this.size);
    return new RangedBlob(this.#shared, this.#start + within(start), this.#start + within(end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#shared.read(this.#start, this.#start + this.size);
    const isWholeBuffer = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    if (isWholeBuffer && bytes.buffer instanceof ArrayBuffer) return bytes.buffer;
    return new Uint8Array(bytes).buffer;
  }

  /** Result of wasm's work on this file, or the failure of a read that it waits for, unchanged. */
  whileReading<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#shared.failed]);
  }
}

/**
 * Checks head and tail of the file and holds its footer.
 * @throws {NutrisageError} `empty-file`, `not-parquet`, `truncated-parquet`, `above-ceiling`; what the source
 *   throws passes through unchanged.
 */
export async function openRangedBlob(
  source: ByteSource,
  name: string,
  ceilings?: FileCeilings,
): Promise<RangedBlob> {
  if (source.size === 0) throw emptyFile(name);
  const tailStart = Math.max(0, source.size - TAIL_READ_BYTES);
  const [head, tail] = await Promise.all([
    readExactly(source, 0, Math.min(4, source.size)),
    readExactly(source, tailStart, source.size),
  ]);
  const headMagic = latin1(head);
  if (headMagic === ENCRYPTED_MAGIC) throw encrypted(name);
  if (headMagic !== MAGIC) throw notParquet(name, headMagic);
  if (source.size < SMALLEST_FILE_BYTES) throw truncated(name, `it has ${source.size} bytes`);
  const tailMagic = latin1(tail.subarray(-4));
  if (tailMagic === ENCRYPTED_MAGIC) throw encrypted(name);
  if (tailMagic !== MAGIC) throw truncated(name, 'its last bytes are not those of a Parquet file');

  const footerBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - TAIL_BYTES, true);
  const footerStart = source.size - TAIL_BYTES - footerBytes;
  if (footerBytes === 0 || footerStart < 4) {
    throw truncated(name, `its footer claims ${footerBytes} bytes of a file of ${source.size}`);
  }
  checkCeiling(ceilings, 'footerBytes', footerBytes, name);
  const held =
    footerStart >= tailStart
      ? tail.slice(footerStart - tailStart)
      : new Uint8Array(await readExactly(source, footerStart, source.size));
  overwriteArrowSchemaKey(held);
  return new RangedBlob(new SharedReads(source, { start: footerStart, bytes: held }), 0, source.size);
}

async function readExactly(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const bytes = await source.read(start, end);
  if (bytes.length !== end - start) {
    throw new NutrisageError(
      'store-unavailable',
      `The store gave ${bytes.length} bytes where ${end - start} were asked for.`,
      'It is tried again by itself; if it persists, check the store.',
    );
  }
  return bytes;
}

function overwriteArrowSchemaKey(footer: Uint8Array): void {
  const view = Buffer.from(footer.buffer, footer.byteOffset, footer.byteLength);
  for (let at = view.indexOf(ARROW_SCHEMA_KEY); at !== -1; at = view.indexOf(ARROW_SCHEMA_KEY, at + 1)) {
    footer[at] = OVERWRITTEN_FIRST_BYTE;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function emptyFile(name: string): NutrisageError {
  return new NutrisageError(
    'empty-file',
    `${name} is empty (0 bytes).`,
    'Upload it again; the writer or the upload stopped before the first byte.',
  );
}

function notParquet(name: string, head: string): NutrisageError {
  return new NutrisageError(
    'not-parquet',
    `${name} is not a Parquet file: it begins with ${JSON.stringify(head)}, not with "${MAGIC}".`,
    "Submit Parquet. DuckDB converts CSV and JSON: COPY (FROM 'products.csv') TO 'products.parquet'.",
  );
}

function encrypted(name: string): NutrisageError {
  return new NutrisageError(
    'not-parquet',
    `${name} is encrypted Parquet (its magic is "${ENCRYPTED_MAGIC}"), which cannot be read.`,
    'Write it without Parquet encryption; let the bucket encrypt it at rest instead.',
  );
}

function truncated(name: string, how: string): NutrisageError {
  return new NutrisageError(
    'truncated-parquet',
    `${name} is a Parquet file that was cut short: ${how}.`,
    'Upload it again, whole; a Parquet file can be read only once its writer has closed it.',
  );
}
