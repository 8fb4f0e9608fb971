/** A batch of which the service gets the first half only, and an answer that names the rest as not done. */
import { json, type WireAnswer } from './error-answers.ts';
import type { Operation } from './operation.ts';

export interface PartialBatch {
  /** What the service gets. */
  readonly body: Buffer;
  /** The service's answer to that, and the rest. */
  answer(given: WireAnswer): WireAnswer;
}

/** None where the request is no batch, or one of a single member. */
export function partialBatch({ service, name }: Operation, body: Buffer): PartialBatch | undefined {
  if (service === 'table' && name === 'BatchWriteItem') return partialWrite(body);
  if (service === 'queue' && name === 'SendMessageBatch') return partialSend(body);
  return undefined;
}

function partialWrite(body: Buffer): PartialBatch | undefined {
  const { RequestItems } = JSON.parse(body.toString('utf8')) as { RequestItems: Record<string, unknown[]> };
  const [table = '', requests = []] = Object.entries(RequestItems)[0] ?? [];
  if (requests.length < 2) return undefined;
  const half = Math.floor(requests.length / 2);
  return {
    body: Buffer.from(JSON.stringify({ RequestItems: { [table]: requests.slice(0, half) } })),
    answer: (given) =>
      given.status === 200 ? json(200, { UnprocessedItems: { [table]: requests.slice(half) } }) : given,
  };
}

function partialSend(body: Buffer): PartialBatch | undefined {
  const request = JSON.parse(body.toString('utf8')) as { Entries: { Id: string }[] };
  if (request.Entries.length < 2) return undefined;
  const half = Math.floor(request.Entries.length / 2);
  return {
    body: Buffer.from(JSON.stringify({ ...request, Entries: request.Entries.slice(0, half) })),
    answer(given) {
      if (given.status !== 200) return given;
      const Failed = request.Entries.slice(half).map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
        Message: 'made by a test',
      }));
      return json(200, { ...JSON.parse(given.body.toString('utf8')), Failed });
    },
  };
}
