/** What the services say when they fail or throttle, each in its own form. */
import type { Operation } from './operation.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const JSON_TYPE = 'application/x-amz-json-1.0';

export function failedAnswer({ service }: Operation, status: number): WireAnswer {
  if (service === 'store') return xml(status, status === 503 ? 'ServiceUnavailable' : 'InternalError');
  const name =
    service === 'queue'
      ? 'com.amazonaws.sqs#InternalFailure'
      : 'com.amazonaws.dynamodb.v20120810#InternalServerError';
  return json(status, { __type: name, message: 'made by a test' });
}

export function throttledAnswer({ service }: Operation): WireAnswer {
  switch (service) {
    case 'store':
      return xml(503, 'SlowDown');
    case 'queue':
      return json(400, { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'made by a test' });
    case 'table':
      return json(400, {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'made by a test',
      });
    default:
      return service satisfies never;
  }
}

export function json(status: number, value: unknown): WireAnswer {
  return { status, headers: { 'content-type': JSON_TYPE }, body: Buffer.from(JSON.stringify(value)) };
}

function xml(status: number, code: string): WireAnswer {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>made by a test</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) };
}
