/** Heartbeats of one message on Amazon SQS: its visibility is renewed, and with it the lease that others read. */
import { ChangeMessageVisibilityCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import { isLeaseHeld, type Lease, renewLease } from '../queue/lease.ts';

export interface KeepLeaseOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly visibilitySeconds: number;
  readonly log: Logger;
}

/** Of a visibility timeout: two renewals may fail before the lease is over. */
const RENEWALS_PER_TIMEOUT = 3;

/**
 * Renews until it is told to stop, or until the lease is over: to take it up again then could take the message out of
 * another worker's hands.
 * @returns stops it
 */
export function keepLease(options: KeepLeaseOptions, message: Message, lease: Lease): () => void {
  const { client, queueUrl, visibilitySeconds, log } = options;
  const everyMs = Math.max(1000, (visibilitySeconds * 1000) / RENEWALS_PER_TIMEOUT);
  let renewing = false;
  const renew = async (): Promise<void> => {
    // Counted from before the call: the queue counts from when it has it.
    const from = Date.now();
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: visibilitySeconds,
      }),
      { abortSignal: AbortSignal.timeout(everyMs) },
    );
    if (isLeaseHeld(lease, Date.now())) renewLease(lease, from + visibilitySeconds * 1000);
  };
  const timer = setInterval(() => {
    if (renewing) return;
    if (!isLeaseHeld(lease, Date.now())) {
      clearInterval(timer);
      log.warn({ message: message.MessageId }, 'the lease of a message is over; another worker may have it');
      return;
    }
    renewing = true;
    renew()
      .catch((error: unknown) => log.warn({ err: error }, 'a lease could not be renewed; it is tried again'))
      .finally(() => {
        renewing = false;
      });
  }, everyMs);
  return () => clearInterval(timer);
}
