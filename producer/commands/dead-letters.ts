/** What lies in the dead-letter queue, and what a redrive sends: pure, from the messages as received. */
import { decodeEventKey } from '../../core/jobs/event-key.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import { ShardMessage, SubmissionMessage } from '../../schemas/messages.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { S3Event } from '../../schemas/s3-event.ts';
import type { BuriedMessage } from './ports.ts';

export const LETTER_KINDS = ['shard', 'submission', 'inbox event', 'unknown'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

/** One piece of work that was given up, with every copy of its message. */
export interface DeadLetter {
  readonly kind: LetterKind;
  readonly job: string | undefined;
  readonly shard: number | undefined;
  /** Addresses of its files; empty where the message cannot be read. */
  readonly files: readonly string[];
  readonly rows: number | undefined;
  /** How often it came back from here before. */
  readonly redrive: number;
  readonly failure: Failure | undefined;
  readonly buriedAt: string | undefined;
  /** What a redrive sends to the jobs queue. */
  readonly redriveBody: string;
  readonly copies: readonly BuriedMessage[];
}

const shardMessage = createParser('shard message', ShardMessage);
const submissionMessage = createParser('submission message', SubmissionMessage);
const s3Event = createParser('S3 event', S3Event);

type Content = Pick<DeadLetter, 'kind' | 'job' | 'shard' | 'files' | 'rows' | 'redrive' | 'redriveBody'>;

/**
 * Letters in the order of job and shard. Copies of one piece of work (a worker that died between burying and
 * deleting leaves two) are one letter, told by its latest copy.
 */
export function groupDeadLetters(messages: readonly BuriedMessage[]): readonly DeadLetter[] {
  const groups = new Map<string, { content: Content; copies: BuriedMessage[] }>();
  for (const message of messages) {
    const content = readContent(message.body);
    const key = identityOf(content, message);
    const group = groups.get(key) ?? { content, copies: [] };
    const isLater = content.redrive > group.content.redrive;
    groups.set(key, { content: isLater ? content : group.content, copies: [...group.copies, message] });
  }
  return [...groups.values()].map(({ content, copies }) => toLetter(content, copies)).sort(byJobAndShard);
}

function readContent(body: string): Content {
  const value = parseJson(body);
  if (shardMessage.matches(value)) {
    const { job, shard, rows, redrive, input } = value;
    // The worker takes a failure back only for a redrive number above the one that failed.
    const redriveBody = JSON.stringify({ ...value, redrive: redrive + 1 });
    return { kind: 'shard', job, shard, rows, redrive, files: [address(input)], redriveBody };
  }
  if (submissionMessage.matches(value)) {
    const files = value.inputs.map(address);
    return { ...UNREAD, kind: 'submission', job: value.job, files, redriveBody: body };
  }
  if (s3Event.matches(value)) {
    const files = value.Records.map(({ s3 }) =>
      address({ bucket: s3.bucket.name, key: decodeEventKey(s3.object.key) }),
    );
    return { ...UNREAD, kind: 'inbox event', files, redriveBody: body };
  }
  return { ...UNREAD, redriveBody: body };
}

const UNREAD = {
  kind: 'unknown',
  job: undefined,
  shard: undefined,
  files: [],
  rows: undefined,
  redrive: 0,
} as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function address({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `s3://${bucket}/${key}`;
}

function identityOf({ kind, job, shard }: Content, message: BuriedMessage): string {
  if (kind === 'shard') return `shard ${job} ${shard}`;
  if (kind === 'submission') return `submission ${job}`;
  return `message ${message.id}`;
}

function toLetter(content: Content, copies: readonly BuriedMessage[]): DeadLetter {
  const latest = [...copies].sort((left, right) => ((left.buriedAt ?? '') < (right.buriedAt ?? '') ? 1 : -1));
  const failures = latest.flatMap(({ attributes }) => failureOf(attributes) ?? []);
  return { ...content, failure: failures[0], buriedAt: latest[0]?.buriedAt, copies };
}

/** Absent where SQS itself moved the message: no worker lived to say why. */
function failureOf(attributes: BuriedMessage['attributes']): Failure | undefined {
  const code = attributes[DEAD_LETTER_ATTRIBUTES.code];
  const message = attributes[DEAD_LETTER_ATTRIBUTES.message];
  if (code === undefined || message === undefined) return undefined;
  return { code, message, remedy: attributes[DEAD_LETTER_ATTRIBUTES.remedy] ?? '' };
}

function byJobAndShard(left: DeadLetter, right: DeadLetter): number {
  const leftJob = left.job ?? '~';
  const rightJob = right.job ?? '~';
  if (leftJob !== rightJob) return leftJob < rightJob ? -1 : 1;
  return (left.shard ?? -1) - (right.shard ?? -1);
}
