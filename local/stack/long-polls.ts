/**
 * Long polls for the embedded queues, held here instead of in fauxqs. There a poll outlives its client: a worker
 * that stopped or died within one leaves a waiter behind that takes the next message, which then is gone for its
 * whole visibility timeout (60 s by default). Here a poll ends with its connection, and takes nothing.
 */
import { addressOf, headerOf, type StoreApp, type StoreReply, type StoreRequest } from './store-app.ts';

/** What is on a queue: times in milliseconds since 1970. */
export interface QueueView {
  readonly ready: readonly unknown[];
  readonly delayed: readonly { readonly delayUntil?: number }[];
  readonly inflight: readonly { readonly visibilityDeadline: number }[];
}

interface ReceiveRequest {
  QueueUrl?: string;
  WaitTimeSeconds?: number;
}

interface Poll {
  readonly queue: string;
  readonly endsAt: number;
  readonly request: StoreRequest;
  readonly reply: StoreReply;
  /** Lets fauxqs answer, at once and from what is there now. */
  answer(): void;
}

/** As often as fauxqs looks for messages that came back. */
const TICK_MS = 20;

/** @param view what is on a queue now; undefined for an unknown one. */
export function holdLongPolls(app: StoreApp, view: (queue: string) => QueueView | undefined): void {
  let polls: Poll[] = [];
  let timer: NodeJS.Timeout | undefined;

  const tick = (): void => {
    // Oldest first; each answer takes its messages before the next poll is looked at.
    polls = polls.filter((poll) => !settle(poll, view));
    if (polls.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  app.addHook('preHandler', (request, reply, done) => {
    const body = longPollOf(request);
    if (body === undefined) return done();
    const endsAt = Date.now() + (body.WaitTimeSeconds ?? 0) * 1000;
    body.WaitTimeSeconds = 0;
    const poll: Poll = { queue: queueName(body), endsAt, request, reply, answer: done };
    if (settle(poll, view)) return;
    polls.push(poll);
    timer ??= setInterval(tick, TICK_MS);
  });
}

/** Ends the poll when it is time to; false while it has to wait. */
function settle(poll: Poll, view: (queue: string) => QueueView | undefined): boolean {
  if (poll.request.raw.socket.destroyed) {
    poll.reply.hijack();
    return true;
  }
  const now = Date.now();
  const queue = view(poll.queue);
  const isOver = queue === undefined || now >= poll.endsAt || hasMessage(queue, now);
  if (isOver) poll.answer();
  return isOver;
}

function hasMessage({ ready, delayed, inflight }: QueueView, now: number): boolean {
  return (
    ready.length > 0 ||
    inflight.some(({ visibilityDeadline }) => visibilityDeadline <= now) ||
    delayed.some(({ delayUntil }) => delayUntil === undefined || delayUntil <= now)
  );
}

/** The body of a receive call that waits; undefined for every other request. A wait that SQS refuses is fauxqs's. */
function longPollOf(request: StoreRequest): ReceiveRequest | undefined {
  const isReceive =
    addressOf(request) === undefined && headerOf(request, 'x-amz-target') === 'AmazonSQS.ReceiveMessage';
  const body = isReceive ? (request.body as ReceiveRequest | null) : null;
  const waitSeconds = body?.WaitTimeSeconds ?? 0;
  return body !== null && waitSeconds > 0 && waitSeconds <= 20 ? body : undefined;
}

function queueName(body: ReceiveRequest): string {
  return body.QueueUrl?.split('/').at(-1) ?? '';
}
