/** The buckets: data with its inbox, models, and the logs of both. */
import { Duration } from 'aws-cdk-lib';
import { type Bucket, type CfnBucket, type IBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PREFIXES } from '../../schemas/names.ts';
import { asBucket } from '../as-interface.ts';
import type { StageNames } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';
import { ATHENA_PREFIX } from './catalog.ts';
import type { JobsQueue } from './jobs-queue.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface DataBucketsProps {
  readonly config: StageConfig;
  readonly names: StageNames;
  /** Is told of each Parquet file that comes into the inbox. */
  readonly jobsQueue: JobsQueue;
}

const ACCESS_LOG_DAYS = 90;
const OLD_VERSION_DAYS = 30;
/** From then on S3 moves what nobody reads to where it costs less. */
const TIERING_AFTER = Duration.days(30);
const QUERY_RESULT_DAYS = 7;
const INPUT_SUFFIX = '.parquet';

export class DataBuckets extends Construct {
  readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, { config, names, jobsQueue }: DataBucketsProps) {
    super(scope, id);
    const { isProtected, inputDays } = config;
    this.accessLogs = asBucket(
      new PrivateBucket(this, 'AccessLogs', {
        bucketName: names.accessLogBucket,
        lifecycleRules: [{ id: 'age', expiration: Duration.days(ACCESS_LOG_DAYS) }],
        isProtected,
      }).bucket,
    );
    const expires = (prefix: string, days: number) => ({
      id: `expire-${prefix.replace('/', '')}`,
      prefix,
      expiration: Duration.days(days),
    });
    const tiers = (prefix: string) => ({
      id: `tier-${prefix.replace('/', '')}`,
      prefix,
      transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: TIERING_AFTER }],
    });
    const data = new PrivateBucket(this, 'Data', {
      bucketName: names.dataBucket,
      oldVersionDays: OLD_VERSION_DAYS,
      lifecycleRules: [
        expires(PREFIXES.inbox, inputDays),
        expires(PREFIXES.uploads, inputDays),
        expires(ATHENA_PREFIX, QUERY_RESULT_DAYS),
        tiers(PREFIXES.grades),
        tiers(PREFIXES.rejects),
      ],
      accessLogs: { bucket: this.accessLogs, prefix: 'data/' },
      isProtected,
    }).bucket;
    new PrivateBucket(this, 'Models', {
      bucketName: names.modelBucket,
      oldVersionDays: OLD_VERSION_DAYS,
      lifecycleRules: [],
      accessLogs: { bucket: this.accessLogs, prefix: 'models/' },
      isProtected,
    });
    tellInbox(data, jobsQueue);
  }
}

/** By the resource itself: the library's `addEventNotification` brings a function with rights on every bucket. */
function tellInbox(bucket: Bucket, { queue, policy }: JobsQueue): void {
  // A bucket made by the library is of this one resource.
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.notificationConfiguration = {
    queueConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        filter: {
          s3Key: {
            rules: [
              { name: 'prefix', value: PREFIXES.inbox },
              { name: 'suffix', value: INPUT_SUFFIX },
            ],
          },
        },
      },
    ],
  };
  resource.addResourceDependency(policy);
}
