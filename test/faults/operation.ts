/** What a request to the services asks for, read from what is on the wire, and which step of the work it is. */
import type { IncomingHttpHeaders } from 'node:http';
import { PREFIXES } from '../../schemas/names.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Operation {
  readonly service: 'queue' | 'store' | 'table';
  /** As the service names it: `ReceiveMessage`, `PutItem`, `GetObject`. */
  readonly name: string;
}

/**
 * The steps of the work, in their order. Each is a point at which a worker may be ended: before the request that
 * begins it is let through, or after the answer that ends it has come.
 */
export const STEPS = {
  received: 'after',
  planned: 'after',
  sent: 'after',
  read: 'after',
  scored: 'before',
  'parquet written': 'after',
  'items half written': 'after',
  recorded: 'after',
  counted: 'after',
  closed: 'after',
  'before delete': 'before',
} as const satisfies Record<string, 'before' | 'after'>;

export type Step = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as Step[];

export function operationOf({ method, url, headers }: WireRequest): Operation {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', name = ''] = target.split('.');
    return { service: service.startsWith('DynamoDB') ? 'table' : 'queue', name };
  }
  const isPart = new URL(url, 'http://store').searchParams.has('partNumber');
  const names: Readonly<Record<string, string>> = {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: isPart ? 'UploadPart' : 'PutObject',
  };
  return { service: 'store', name: names[method] ?? method };
}

/** @param answer what the service said, as text; empty before it was asked */
export function stepOf(request: WireRequest, { service, name }: Operation, answer: string): Step | undefined {
  const body = (): string => request.body.toString('utf8');
  const key = `/${request.url.split('/').slice(2).join('/')}`;
  switch (`${service} ${name}`) {
    case 'queue ReceiveMessage':
      return answer.includes('ReceiptHandle') ? 'received' : undefined;
    case 'queue SendMessageBatch':
      return 'sent';
    case 'queue DeleteMessage':
      return 'before delete';
    case 'store GetObject':
      return request.headers.range === undefined ? undefined : 'read';
    case 'store PutObject':
      if (key.startsWith(`/${PREFIXES.grades}`)) return answer === '' ? 'scored' : 'parquet written';
      return undefined;
    case 'table BatchWriteItem':
      return 'items half written';
    case 'table PutItem':
      return body().includes('"S":"done"') ? 'recorded' : undefined;
    case 'table UpdateItem':
      if (body().includes('shards = :shards')) return 'planned';
      if (body().includes('ADD finished :one')) return 'counted';
      return body().includes('#state = :end') ? 'closed' : undefined;
    default:
      return undefined;
  }
}
