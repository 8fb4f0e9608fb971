/**
 * Bytes that lie somewhere: an object in a store, a file, memory. The smallest port a Parquet reader needs.
 * An adapter throws `NutrisageError` for its own failures; the reader passes those through unchanged.
 */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Bytes `start … end` (end excluded, both within the size). Exactly that many, or an error. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** A source of bytes that are in memory already. */
export function memoryByteSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
  };
}
