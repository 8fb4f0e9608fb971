/**
 * An image of a forest as plain data, for another thread: laying one out takes 30 ms or more, in which an event loop would
 * stand still; copying it takes one. (A memory that threads share needs another kernel, with atomics.)
 */
export interface MemoryImage<At> {
  readonly memory: WebAssembly.Memory;
  /** Byte addresses. */
  readonly at: At;
}

export interface PackedMemory<At> {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: At;
}

const PAGE_BYTES = 65_536;

export function packMemory<At>({ memory, at }: MemoryImage<At>): PackedMemory<At> {
  return { bytes: new Uint8Array(memory.buffer.slice(0)), at };
}

export function unpackMemory<At>({ bytes, at }: PackedMemory<At>): MemoryImage<At> {
  const memory = new WebAssembly.Memory({ initial: bytes.length / PAGE_BYTES });
  new Uint8Array(memory.buffer).set(bytes);
  return { memory, at };
}
