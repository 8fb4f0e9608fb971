/**
 * The jobs queue on Amazon SQS.
 *
 * A window of single-message consumers, not one consumer with batches: a batch waits for its slowest message
 * (19 of 20 done while one was slow, against none). The consumers poll and send heartbeats; deleting stays
 * here, because `Consumer.stop({ abort: true })` would abort deletes as well, and without it a long poll
 * outlives `stop()`. So only the poll carries our abort signal. Heartbeats are our own too: they renew the lease that
 * a grading thread reads, and a lease that is over is never taken up again.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { Consumer } from 'sqs-consumer';
import { NutrisageError } from '../../core/errors.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../../schemas/names.ts';
import { deadLetterText } from '../queue/dead-letter-text.ts';
import { type KeepLeaseOptions, keepLease } from '../queue/keep-lease.ts';
import { createLease, isLeaseHeld, type Lease } from '../queue/lease.ts';
import type { Consumption, Delivery, Settlement, WorkQueue } from '../queue/work-queue.ts';
import { readGivenUp } from './sqs-given-up.ts';

export interface SqsWorkQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly visibilitySeconds: number;
  /** Deliveries of a message after which the queue moves it to the dead-letter queue by itself. */
  readonly receivesMax: number;
  /** @default 20, the most SQS allows: the fewest empty receives */
  readonly waitSeconds?: number;
  readonly log: Logger;
}

const SEND_BATCH_MAX = 10;
const SEND_BATCH_BYTES_MAX = 240_000;
const SENDS_AT_ONCE = 8;
const PAUSE_AFTER_ERROR_MS = 1000;

export function createSqsWorkQueue(options: SqsWorkQueueOptions): WorkQueue {
  return {
    consume: (handle, window) => consume(options, handle, window),
    send: (bodies) => sendAll(options, bodies),
    givenUp: () => readGivenUp(options.client, options.deadLetterQueueUrl),
  };
}

function consume(
  options: SqsWorkQueueOptions,
  handle: (delivery: Delivery) => Promise<Settlement>,
  window: number,
): Consumption {
  const polls = new AbortController();
  const inFlight = new Set<Promise<void>>();
  const client = abortPollsOnly(options.client, polls.signal);
  let failedAt = 0;

  const handleLeased = async (message: Message): Promise<void> => {
    const lease = createLease(Date.now() + options.visibilitySeconds * 1000);
    const stopRenewing = keepLease(renewalOf(options, message), lease);
    const settlement = await handle({ ...toDelivery(message), lease });
    stopRenewing();
    await settle(options, message, settlement, lease);
  };
  const take = async (message: Message): Promise<undefined> => {
    const work = polls.signal.aborted
      ? settle(options, message, { kind: 'release' }, undefined)
      : handleLeased(message);
    inFlight.add(work);
    try {
      await work;
    } finally {
      inFlight.delete(work);
    }
    return undefined;
  };
  const pauseAfterError = async (): Promise<void> => {
    if (Date.now() - failedAt < PAUSE_AFTER_ERROR_MS) await sleep(PAUSE_AFTER_ERROR_MS, polls.signal);
  };
  const onError = (error: Error): void => {
    if (polls.signal.aborted) return;
    failedAt = Date.now();
    options.log.warn({ err: error }, 'queue call failed; it is tried again');
  };

  const consumers = Array.from({ length: window }, () => {
    const consumer = Consumer.create({
      sqs: client,
      queueUrl: options.queueUrl,
      batchSize: 1,
      waitTimeSeconds: options.waitSeconds ?? 20,
      visibilityTimeout: options.visibilitySeconds,
      messageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      shouldDeleteMessages: false,
      preReceiveMessageCallback: pauseAfterError,
      handleMessage: take,
    });
    consumer.on('error', onError);
    consumer.on('processing_error', onError);
    consumer.start();
    return consumer;
  });

  return {
    async stop() {
      for (const consumer of consumers) consumer.stop();
      polls.abort();
      while (inFlight.size > 0) await Promise.allSettled([...inFlight]);
    },
  };
}

/** A client whose long polls end with the signal, and nothing else does. */
function abortPollsOnly(client: SQSClient, signal: AbortSignal): SQSClient {
  return new Proxy(client, {
    get(target, property) {
      if (property !== 'send') return Reflect.get(target, property);
      return (command: unknown, sendOptions: object) => {
        const own = command instanceof ReceiveMessageCommand ? { ...sendOptions, abortSignal: signal } : {};
        return Reflect.apply(target.send, target, [command, own]);
      };
    },
  });
}

function renewalOf(options: SqsWorkQueueOptions, message: Message): KeepLeaseOptions {
  const { client, queueUrl, visibilitySeconds, log } = options;
  return {
    message: message.MessageId ?? '',
    visibilitySeconds,
    log,
    async renew(abortSignal) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout: visibilitySeconds,
        }),
        { abortSignal },
      );
      return true; // it does not tell; the clock does
    },
  };
}

function toDelivery(message: Message): Delivery {
  const sentAt = message.Attributes?.SentTimestamp;
  return {
    id: message.MessageId ?? '',
    body: message.Body ?? '',
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    ...(sentAt === undefined ? {} : { sentAt: Number(sentAt) }),
  };
}

async function settle(
  options: SqsWorkQueueOptions,
  message: Message,
  settlement: Settlement,
  lease: Lease | undefined,
): Promise<void> {
  // To change its visibility now could take it out of another worker's hands.
  const givesBack = settlement.kind === 'retry' || settlement.kind === 'release';
  if (givesBack && !isLeaseHeld(lease, Date.now())) return;
  try {
    await settleOnce(options, message, settlement);
  } catch (error) {
    // The lease runs out by itself and the message comes again: every step before this one can be repeated.
    options.log.warn(
      { err: error, settlement: settlement.kind },
      'a message could not be settled; it comes again',
    );
  }
}

async function settleOnce(
  options: SqsWorkQueueOptions,
  message: Message,
  settlement: Settlement,
): Promise<void> {
  const { client, queueUrl } = options;
  const target = { QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle };
  switch (settlement.kind) {
    case 'acknowledge':
      await client.send(new DeleteMessageCommand(target));
      return;
    case 'retry':
      await client.send(
        new ChangeMessageVisibilityCommand({
          ...target,
          VisibilityTimeout: Math.ceil(settlement.afterSeconds),
        }),
      );
      return;
    case 'release':
      await release(options, message);
      return;
    case 'bury':
      await client.send(
        new SendMessageCommand({
          QueueUrl: options.deadLetterQueueUrl,
          MessageBody: message.Body ?? '',
          MessageAttributes: {
            [DEAD_LETTER_ATTRIBUTES.code]: textAttribute(settlement.failure.code),
            [DEAD_LETTER_ATTRIBUTES.message]: textAttribute(settlement.failure.message),
            [DEAD_LETTER_ATTRIBUTES.remedy]: textAttribute(settlement.failure.remedy),
          },
        }),
      );
      // Buried before it is deleted: a crash between the two leaves a second copy, never none.
      await client.send(new DeleteMessageCommand(target));
      return;
    default:
      settlement satisfies never;
  }
}

/** A release costs a delivery. After the last one the queue would bury the message without a reason: a copy has all. */
async function release(options: SqsWorkQueueOptions, message: Message): Promise<void> {
  const target = { QueueUrl: options.queueUrl, ReceiptHandle: message.ReceiptHandle };
  const { body, receiveCount } = toDelivery(message);
  if (receiveCount < options.receivesMax) {
    await options.client.send(new ChangeMessageVisibilityCommand({ ...target, VisibilityTimeout: 0 }));
    return;
  }
  // Sent before it is deleted: a crash between the two leaves a second copy, never none.
  await sendBatch(options, [body]);
  await options.client.send(new DeleteMessageCommand(target));
}

/** An attribute must not be empty. */
function textAttribute(text: string): { DataType: 'String'; StringValue: string } {
  return { DataType: 'String', StringValue: deadLetterText(text) || '-' };
}

async function sendAll(options: SqsWorkQueueOptions, bodies: readonly string[]): Promise<void> {
  const limit = pLimit(SENDS_AT_ONCE);
  await Promise.all(batches(bodies).map((batch) => limit(() => sendBatch(options, batch))));
}

function batches(bodies: readonly string[]): string[][] {
  const result: string[][] = [];
  let current: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const full = current.length === SEND_BATCH_MAX || bytes + size > SEND_BATCH_BYTES_MAX;
    if (full && current.length > 0) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(body);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}

async function sendBatch(options: SqsWorkQueueOptions, bodies: readonly string[]): Promise<void> {
  const sent = await options.client
    .send(
      new SendMessageBatchCommand({
        QueueUrl: options.queueUrl,
        Entries: bodies.map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    )
    .catch((cause: unknown) => {
      throw queueUnavailable(options.queueUrl, cause instanceof Error ? cause.message : String(cause), cause);
    });
  const failed = sent.Failed ?? [];
  if (failed.length > 0) throw queueUnavailable(options.queueUrl, failed[0]?.Message ?? 'refused', undefined);
}

function queueUnavailable(queueUrl: string, reason: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'queue-unavailable',
    `Messages could not be sent to ${queueUrl}: ${reason}`,
    'It is tried again by itself; if it lasts, check that the queue exists and that the role may send to it.',
    { cause },
  );
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
