/**
 * The part of Amazon S3's event notification that is read.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
 * Keys are URL-encoded with `+` for a space; events repeat and arrive out of order.
 */
import Type, { type Static } from 'typebox';

export const S3EventRecord = Type.Object({
  eventSource: Type.Literal('aws:s3'),
  eventName: Type.String(),
  eventTime: Type.Optional(Type.String({ format: 'date-time' })),
  /** What S3 answered to who put the object: a name of that request. */
  responseElements: Type.Optional(Type.Object({ 'x-amz-request-id': Type.Optional(Type.String()) })),
  s3: Type.Object({
    bucket: Type.Object({ name: Type.String({ minLength: 1 }) }),
    object: Type.Object({
      key: Type.String({ minLength: 1 }),
      size: Type.Optional(Type.Integer({ minimum: 0 })),
      eTag: Type.Optional(Type.String()),
      sequencer: Type.Optional(Type.String()),
    }),
  }),
});
export type S3EventRecord = Static<typeof S3EventRecord>;

export const S3Event = Type.Object({ Records: Type.Array(S3EventRecord, { minItems: 1 }) });
export type S3Event = Static<typeof S3Event>;

/** What S3 sends once when a notification is configured. */
export const S3TestEvent = Type.Object({ Event: Type.Literal('s3:TestEvent') });
export type S3TestEvent = Static<typeof S3TestEvent>;
