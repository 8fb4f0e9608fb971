/** The jobs queue and its dead-letter queue, with their alarms. */
import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface JobsQueueProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** How long a taken message stays hidden, in seconds: six times a usual shard. Workers extend it while they work. */
  readonly visibilitySeconds: number;
  /** Deliveries until a message is moved to the dead-letter queue. */
  readonly receivesMax: number;
  /** Bucket that tells of its objects. Text: the bucket names the queue. */
  readonly sourceBucketArn: string;
}

/** SQS's longest, so that work waits out a pause of workers, and a failure can be looked at for two weeks. */
const RETENTION = Duration.days(14);

export class JobsQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: JobsQueueProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      queueName: props.deadLetterQueueName,
      retentionPeriod: RETENTION,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.queue = new Queue(this, 'Jobs', {
      queueName: props.queueName,
      visibilityTimeout: Duration.seconds(props.visibilitySeconds),
      retentionPeriod: RETENTION,
      receiveMessageWaitTime: Duration.seconds(20),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.receivesMax },
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'InboxEvents',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': props.sourceBucketArn },
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
  }

  /** What a bucket waits for before it names the queue: S3 tries it out at once. */
  get policy(): CfnQueuePolicy {
    // The library's own construct for the queue's policy.
    return this.queue.node.findChild('Policy').node.defaultChild as CfnQueuePolicy;
  }
}
