/** What a body on the jobs queue is. */
import { NutrisageError } from '../../core/errors.ts';
import { ShardMessage, SubmissionMessage } from '../../schemas/messages.ts';
import { createParser, SchemaError } from '../../schemas/parse.ts';
import { S3Event, type S3EventRecord, S3TestEvent } from '../../schemas/s3-event.ts';

export type Work =
  | { readonly kind: 'shard'; readonly message: ShardMessage }
  | { readonly kind: 'submission'; readonly message: SubmissionMessage }
  | { readonly kind: 'inbox'; readonly arrivals: readonly S3EventRecord[] }
  /** Nothing to do: what S3 sends to try a notification out, or events of objects that went away. */
  | { readonly kind: 'nothing' };

const shardParser = createParser('the shard message', ShardMessage);
const submissionParser = createParser('the submission message', SubmissionMessage);
const s3EventParser = createParser('the S3 event', S3Event);
const s3TestEventParser = createParser('the S3 test event', S3TestEvent);

/** @throws {NutrisageError} `malformed-message` */
export function parseMessage(body: string): Work {
  const value = parseJson(body);
  try {
    return recognise(value);
  } catch (error) {
    if (error instanceof SchemaError) throw malformed(error.message, error);
    throw error;
  }
}

function recognise(value: unknown): Work {
  if (typeof value !== 'object' || value === null) throw malformed('it is not a JSON object', undefined);
  if (s3TestEventParser.matches(value)) return { kind: 'nothing' };
  if ('Records' in value) {
    const arrivals = s3EventParser.parse(value).Records.filter(isArrival);
    return arrivals.length === 0 ? { kind: 'nothing' } : { kind: 'inbox', arrivals };
  }
  const kind = 'kind' in value ? value.kind : undefined;
  if (kind === 'shard') return { kind, message: shardParser.parse(value) };
  if (kind === 'submission') return { kind, message: submissionParser.parse(value) };
  throw malformed(`its kind is ${describeKind(kind)}, not shard, submission or an S3 event`, undefined);
}

/** Only text is shown: to print a value that is nested 100,000 deep would overflow the stack. */
function describeKind(kind: unknown): string {
  if (kind === undefined) return 'missing';
  return typeof kind === 'string' ? JSON.stringify(kind) : 'no text';
}

function isArrival(record: S3EventRecord): boolean {
  return record.eventName.replace(/^s3:/, '').startsWith('ObjectCreated');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
}

function malformed(reason: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'malformed-message',
    `A message on the jobs queue can not be understood: ${reason}.`,
    'Only `nutrisage submit` and S3 notifications may send to this queue; discard the message.',
    { cause },
  );
}
