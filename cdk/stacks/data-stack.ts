/** What is kept: buckets, queues, tables, their catalogue, and who is told. Nothing here runs. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { visibilitySeconds, workerSize } from '../../core/scaling/task-sizes.ts';
import { Catalog } from '../constructs/catalog.ts';
import { DataBuckets } from '../constructs/data-buckets.ts';
import { JobsQueue } from '../constructs/jobs-queue.ts';
import { Notifications } from '../constructs/notifications.ts';
import { TableAlarms } from '../constructs/table-alarms.ts';
import { Tables } from '../constructs/tables.ts';
import { RECEIVES_MAX } from '../constructs/worker-service.ts';
import { bucketArn, stageNames } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';
import { tellNames } from './tell-names.ts';

export interface DataStackProps extends StackProps {
  readonly config: StageConfig;
}

export class DataStack extends Stack {
  /** Takes the logs of buckets, network and load balancer. */
  readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const names = stageNames(config.stage, config.region);
    new Notifications(this, 'Notifications', { config, names });
    const jobsQueue = new JobsQueue(this, 'Queue', {
      queueName: names.jobsQueue,
      deadLetterQueueName: names.deadLetterQueue,
      visibilitySeconds: visibilitySeconds(workerSize()),
      receivesMax: RECEIVES_MAX,
      sourceBucketArn: bucketArn(names.dataBucket),
    });
    const buckets = new DataBuckets(this, 'Buckets', { config, names, jobsQueue });
    new Tables(this, 'Tables', { config, names });
    new Catalog(this, 'Catalog', {
      databaseName: names.catalog,
      workGroupName: names.prefix,
      bucketName: names.dataBucket,
    });
    new TableAlarms(this, 'Alarms', { program: 'queue', config, names });
    this.accessLogs = buckets.accessLogs;
    tellNames(this, names);
  }
}
