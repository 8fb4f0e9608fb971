/** A worker's ports on an embedded stack, with queues of its own and the grading threads faked. */
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { createRegistry, type Registry } from '../../core/metrics/registry.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { createDynamoDbLedger } from '../../worker/adapters/dynamodb-ledger.ts';
import { createS3ObjectStore } from '../../worker/adapters/s3-object-store.ts';
import { createSqsWorkQueue } from '../../worker/adapters/sqs-work-queue.ts';
import type { ReconcilePorts } from '../../worker/ledger/reconcile.ts';
import type { HandleDeliveryPorts } from '../../worker/messages/handle-delivery.ts';
import { createWorkerMeter } from '../../worker/metrics/worker-meter.ts';
import type { Delivery } from '../../worker/queue/work-queue.ts';
import { createClients, type TestClients } from '../support/clients.ts';
import { plainReference } from '../support/drift-reference.ts';
import { MODEL } from '../support/records.ts';
import { startTestStack } from '../support/stack.ts';
import { createFakeThreads, type FakeThreads } from './fake-threads.ts';

export const RECEIVES_MAX = 3;
export const LAST_ATTEMPT_SECONDS_MAX = 900;

export type BenchPorts = HandleDeliveryPorts & ReconcilePorts & { readonly threads: FakeThreads };

export interface WorkerBench {
  readonly clients: TestClients;
  readonly ports: BenchPorts;
  /** What the ports’ meter has counted. */
  readonly registry: Registry;
  /** Sets the clock of the ports. */
  setClock(at: string): void;
  /** Takes all that the worker sent to its queue since the last call. */
  takeSent(): Promise<readonly string[]>;
  /** Takes all that the inbox raised on the jobs queue since the last call. */
  takeEvents(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startWorkerBench(): Promise<WorkerBench> {
  const stack = await startTestStack();
  const clients = createClients(stack.servers);
  const log = pino({ level: 'silent' });
  const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'bench-sent' }));
  const sentUrl = new URL(new URL(QueueUrl ?? '').pathname, stack.servers.endpoint).href;
  const deadUrl = stack.environment[ENVIRONMENT.deadLetterQueueUrl] ?? '';
  const jobsUrl = stack.environment[ENVIRONMENT.jobsQueueUrl] ?? '';
  const registry = createRegistry('worker');
  let now = new Date('2026-11-23T10:01:00.000Z');

  const takeAll = async (queueUrl: string): Promise<readonly string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = '', ReceiptHandle } of Messages) {
        bodies.push(Body);
        await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  };
  // S3's test event lies there first.
  await takeAll(jobsUrl);

  return {
    clients,
    registry,
    ports: {
      ledger: createDynamoDbLedger(clients.tables, RESOURCES.jobsTable),
      store: createS3ObjectStore(clients.s3),
      queue: createSqsWorkQueue({
        client: clients.sqs,
        queueUrl: sentUrl,
        deadLetterQueueUrl: deadUrl,
        visibilitySeconds: 60,
        receivesMax: RECEIVES_MAX,
        log,
      }),
      threads: createFakeThreads(),
      dataBucket: RESOURCES.dataBucket,
      modelBasis: async () => ({ reference: plainReference(), metrics: { 'accuracy.complete': 0.98 } }),
      currentModel: async () => MODEL,
      pins: { rules: '2023', shardRows: 100, retentionDays: 30 },
      worker: 'worker-1',
      receivesMax: RECEIVES_MAX,
      retentionDays: 30,
      lastAttemptSecondsMax: LAST_ATTEMPT_SECONDS_MAX,
      clock: () => now,
      meter: createWorkerMeter(registry),
      log,
    },
    setClock(at) {
      now = new Date(at);
    },
    takeSent: () => takeAll(sentUrl),
    takeEvents: () => takeAll(jobsUrl),
    async stop() {
      clients.destroy();
      await stack.stop();
    },
  };
}

let jobs = 0;

/** A job id that no other test of the file has. */
export function freshJob(): string {
  jobs += 1;
  return jobs.toString(16).padStart(16, '0');
}

export function deliveryOf(body: object | string, receiveCount = 1): Delivery {
  return {
    id: `message-${receiveCount}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    receiveCount,
  };
}
