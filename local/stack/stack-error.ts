/**
 * Why the embedded stack cannot start or go on: a taken port, a directory with an owner, a dead server.
 * Not a `NutrisageError`: its codes say what happens next with a file, a shard or a message, and none is
 * involved here.
 */
export class StackError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StackError';
    this.remedy = remedy;
  }
}

/** What to change when a server's port is taken. */
export interface PortSetting {
  /** Such as `queue and object server`. */
  readonly server: string;
  readonly port: number;
  /** Such as `--port or NUTRISAGE_LOCAL_PORT`. */
  readonly setting: string;
}

/** The error of a failed `listen`: one sentence that names the port and the setting that moves it. */
export function listenError(setting: PortSetting, cause: unknown): StackError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : code === 'EACCES'
        ? 'needs rights that this user lacks'
        : `cannot be used (${cause instanceof Error ? cause.message : String(cause)})`;
  return new StackError(
    `Port ${setting.port} of the ${setting.server} ${reason}.`,
    `Stop what uses it, or give another port with ${setting.setting}.`,
    { cause },
  );
}
