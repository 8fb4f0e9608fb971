/** One object in the store, as it was when it was submitted. */
import Type, { type Static } from 'typebox';

export const FileReference = Type.Object(
  {
    bucket: Type.String({ minLength: 3, maxLength: 63 }),
    key: Type.String({ minLength: 1, maxLength: 1024 }),
    etag: Type.String({
      minLength: 1,
      description: 'Without quotes. A file with another ETag is another file.',
    }),
    size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  },
  { additionalProperties: false },
);
export type FileReference = Static<typeof FileReference>;

/** What went wrong, said once for logs, ledger, CLI and dead-letter queue. */
export const Failure = Type.Object(
  {
    code: Type.String({ description: 'Stable kebab-case code; see docs/errors.md.' }),
    message: Type.String({ description: 'What happened, naming the thing and the cause.' }),
    remedy: Type.String({ description: 'What to do about it.' }),
  },
  { additionalProperties: false },
);
export type Failure = Static<typeof Failure>;
