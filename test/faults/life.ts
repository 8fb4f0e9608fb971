/**
 * One life of a worker in this process: the batch worker itself with its own adapters and AWS clients, all of whose
 * calls go through a proxy of its own. When the proxy is severed nothing that it still does has any effect, which is
 * all that the world sees of a death.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { createRegistry } from '../../core/metrics/registry.ts';
import { onEndpoint } from '../../local/stack/provision.ts';
import { clientConfigurations } from '../../local/stack/service-clients.ts';
import { createDynamoDbGradeSink } from '../../worker/adapters/dynamodb-grade-sink.ts';
import { createDynamoDbLedger } from '../../worker/adapters/dynamodb-ledger.ts';
import { createS3ObjectStore } from '../../worker/adapters/s3-object-store.ts';
import { createSqsWorkQueue } from '../../worker/adapters/sqs-work-queue.ts';
import { startBatchWorker } from '../../worker/batch-worker.ts';
import type { Scorer } from '../../worker/grading/scorer.ts';
import { createWorkerMeter } from '../../worker/metrics/worker-meter.ts';
import { createModelBases } from '../../worker/models/model-basis.ts';
import { readCurrentVersion } from '../../worker/models/model-store.ts';
import { createInlineThreads } from './inline-threads.ts';
import type { Site } from './site.ts';

export interface LifeOptions {
  readonly site: Site;
  readonly name: string;
  /** Of its proxy. */
  readonly endpoint: string;
  readonly modelBucket: string;
  readonly scorer: Scorer;
  readonly clockSkewMs: number;
  /** Takes each log line. */
  readonly log: (line: string) => void;
}

/** Above what a poll of an empty queue is silent. */
const PATIENCE = { connectionTimeout: 5000, socketTimeout: 20_000 } as const;
const POLL_SECONDS = 4;
const RECONCILE_SECONDS = 2;
const LAST_ATTEMPT_SECONDS_MAX = 5;

/** @returns ends it in good order */
export function beginLife(options: LifeOptions): () => Promise<void> {
  const { site, endpoint } = options;
  const configurations = clientConfigurations({ endpoint, tableEndpoint: endpoint });
  const requestHandler = { ...PATIENCE };
  const sqs = new SQSClient({ ...configurations.sqs, requestHandler });
  const s3 = new S3Client({ ...configurations.s3, forcePathStyle: true, requestHandler });
  const tables = new DynamoDBClient({ ...configurations.dynamodb, requestHandler });
  const log = pino({ level: 'info', base: { worker: options.name } }, { write: options.log });
  const store = createS3ObjectStore(s3);
  const at = (url: string): string => onEndpoint(url, endpoint);
  const threads = createInlineThreads({
    store,
    dataBucket: site.dataBucket,
    scorer: options.scorer,
    sink: createDynamoDbGradeSink({ client: tables, table: site.gradesTable, retentionDays: 30 }),
  });
  const worker = startBatchWorker(
    {
      queue: createSqsWorkQueue({
        client: sqs,
        queueUrl: at(site.jobsQueue),
        deadLetterQueueUrl: at(site.deadLetterQueue),
        visibilitySeconds: site.visibilitySeconds,
        receivesMax: site.receivesMax,
        waitSeconds: POLL_SECONDS,
        log,
      }),
      ledger: createDynamoDbLedger(tables, site.jobsTable),
      store,
      threads,
      dataBucket: site.dataBucket,
      modelBasis: createModelBases(store, options.modelBucket),
      currentModel: () => readCurrentVersion(store, options.modelBucket),
      pins: { rules: '2023', shardRows: 1, retentionDays: 30 },
      worker: options.name,
      receivesMax: site.receivesMax,
      retentionDays: 30,
      lastAttemptSecondsMax: LAST_ATTEMPT_SECONDS_MAX,
      clock: () => new Date(Date.now() + options.clockSkewMs),
      meter: createWorkerMeter(createRegistry('worker')),
      log,
    },
    { threads: 1, stopSeconds: 1, reconcileSeconds: RECONCILE_SECONDS },
  );
  return async () => {
    await worker.stop();
    for (const client of [sqs, s3, tables]) client.destroy();
  };
}
