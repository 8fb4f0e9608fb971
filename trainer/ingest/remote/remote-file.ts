/** A file somewhere else, read from any place on: the smallest port a resumable download needs. */

export interface RemoteFile {
  /** Where it is, for errors and for the state beside the download. */
  readonly address: string;
  /**
   * Opens the content from byte `start` on, if it still is the version `etag`; any version without one.
   * @throws {NutrisageError} `source-missing`, `object-unreadable`; other errors are worth another attempt.
   */
  open(start: number, etag: string | undefined, signal: AbortSignal): Promise<RemoteContent>;
  close(): void;
}

export type RemoteContent =
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'content';
      /** Byte that `body` begins with: 0 where the server gives the whole instead of the rest. */
      readonly start: number;
      /** Bytes of the whole; undefined where the server does not say. */
      readonly size: number | undefined;
      readonly etag: string | undefined;
      readonly body: AsyncIterable<Uint8Array>;
      /** Ends the transfer of a body that is not wanted. */
      discard(): void;
    };
