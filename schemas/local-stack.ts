/** `stack.json` in the embedded stack's directory: there while the stack runs, so that clients find it. */
import Type, { type Static } from 'typebox';

export const LocalStackFile = Type.Object(
  {
    pid: Type.Integer({ minimum: 1, description: 'Process that owns the servers.' }),
    startedAt: Type.String({ format: 'date-time' }),
    environment: Type.Record(Type.String(), Type.String(), {
      description: 'Every environment variable that a client of the stack needs.',
    }),
  },
  { additionalProperties: false },
);
export type LocalStackFile = Static<typeof LocalStackFile>;

/** Name of the file within the stack's directory. */
export const LOCAL_STACK_FILE = 'stack.json';

/** Directory of the stack where `NUTRISAGE_LOCAL_DIR` does not name one; relative to the working directory. */
export const LOCAL_STACK_DIRECTORY = '.nutrisage';

/** Directory of the logs within the stack's: a file for each worker, and one of the command. */
export const LOCAL_LOGS_DIRECTORY = 'logs';
