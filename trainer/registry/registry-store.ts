/** Where models lie, as the registry needs it: paths below one place, and writes under a condition. */

export interface StoredFile {
  readonly bytes: Uint8Array;
  /** Of these very bytes at this path; another content has another. */
  readonly tag: string;
}

export interface ListedFile {
  /** From the registry's root, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
}

/** Every method throws a `RegistryError` when the place can not be reached or used. */
export interface ModelRegistryStore {
  /** For messages, such as `s3://nutrisage-models` or a folder's path. */
  readonly place: string;
  read(path: string): Promise<StoredFile | undefined>;
  /** Files whose paths begin with `prefix`, in the order of their paths. */
  list(prefix: string): Promise<readonly ListedFile[]>;
  /**
   * Writes the file if it still is what the caller saw: of racing writers with the same expectation one wins.
   * @param expectedTag tag of the content to replace; undefined where there must be none.
   */
  write(path: string, bytes: Uint8Array, expectedTag: string | undefined): Promise<'written' | 'conflict'>;
}
