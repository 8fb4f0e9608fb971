/** How much memory the Parquet reader of this thread holds. */
import { wasmMemory } from 'parquet-wasm';

/** Bytes of the reader's wasm memory; they only grow, so a thread is replaced to give them back. */
export function readerMemoryBytes(): number {
  return wasmMemory().buffer.byteLength;
}
