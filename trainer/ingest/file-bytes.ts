/** A local file as the Parquet reader's source of bytes. */
import { open } from 'node:fs/promises';
import type { ByteSource } from '../../core/parquet/byte-source.ts';

export interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

export async function openFileBytes(path: string): Promise<OpenFile> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) throw new Error(`${path} ends at ${start + filled}, not at ${end}`);
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}
