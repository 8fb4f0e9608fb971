import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { RECEIVES_MAX } from '../../cdk/constructs/worker-service.ts';
import { visibilitySeconds, workerSize } from '../../core/scaling/task-sizes.ts';
import { PREFIXES } from '../../schemas/names.ts';
import { FULL, onlyName, resourcesOf, stageOf, statementsOf, synthesise, type Templates } from './stages.ts';

describe('what a stage keeps', () => {
  let templates: Templates;
  let data: Template;

  beforeAll(() => {
    templates = synthesise(FULL);
    data = templates.data;
  });

  it('has buckets that are private, encrypted, TLS alone, and logged', () => {
    const buckets = resourcesOf(templates, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const [name, { Properties, DeletionPolicy }] of buckets) {
      expect(Properties, name).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      });
      expect(DeletionPolicy, name).toBe('Retain');
    }
    for (const [name, policy] of resourcesOf(templates, 'AWS::S3::BucketPolicy')) {
      expect(statementsOf(policy), name).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it('keeps versions and lets inputs, query results and unfinished uploads go', () => {
    data.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
          Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
          Match.objectLike({ Prefix: PREFIXES.inbox, ExpirationInDays: 90 }),
          Match.objectLike({ Prefix: PREFIXES.uploads, ExpirationInDays: 90 }),
          Match.objectLike({ Prefix: 'athena/', ExpirationInDays: 7 }),
          Match.objectLike({
            Prefix: PREFIXES.grades,
            Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 30 }],
          }),
        ]),
      },
    });
  });

  it('tells the queue of Parquet files in the inbox, and of nothing else, without a function', () => {
    const events = {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'InboxEvents' })]) },
    };
    const policyId = onlyName(data.findResources('AWS::SQS::QueuePolicy', { Properties: events }));
    data.hasResource('AWS::S3::Bucket', {
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Filter: {
                S3Key: {
                  Rules: [
                    { Name: 'prefix', Value: PREFIXES.inbox },
                    { Name: 'suffix', Value: '.parquet' },
                  ],
                },
              },
            },
          ],
        },
      },
      // S3 tries the queue out when the bucket is made.
      DependsOn: Match.arrayWith([policyId]),
    });
    expect(resourcesOf(templates, 'AWS::Lambda::Function')).toEqual([]);
  });

  it('lets only that bucket, of this account, send to the queue', () => {
    data.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'InboxEvents',
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: {
              ArnEquals: { 'aws:SourceArn': Match.anyValue() },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          }),
        ]),
      },
    });
  });

  it('hides a message for six times a usual shard, and gives it up after as many deliveries as the worker does', () => {
    const deadId = onlyName(
      data.findResources('AWS::SQS::Queue', { Properties: { QueueName: 'nutrisage-jobs-dead-production' } }),
    );
    data.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'nutrisage-jobs-production',
      VisibilityTimeout: visibilitySeconds(workerSize()),
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [deadId, 'Arn'] },
        maxReceiveCount: RECEIVES_MAX,
      },
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
    expect(visibilitySeconds(workerSize())).toBeGreaterThanOrEqual(6 * workerSize().shardSeconds);
  });

  it('has tables on demand that expire, can be restored and are not deleted by accident', () => {
    for (const name of ['grades', 'jobs']) {
      data.hasResource('AWS::DynamoDB::Table', {
        DeletionPolicy: 'Retain',
        Properties: Match.objectLike({
          TableName: `nutrisage-${name}-production`,
          BillingMode: 'PAY_PER_REQUEST',
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        }),
      });
    }
    data.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'nutrisage-grades-production',
      WarmThroughput: { WriteUnitsPerSecond: 20_000 },
    });
  });

  it('lets CloudWatch and the budget publish, which the topic’s own policy would else forbid', () => {
    const policies = resourcesOf(templates, 'AWS::SNS::TopicPolicy');
    expect(policies).toHaveLength(3);
    for (const [name, policy] of policies) {
      for (const service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
        expect(statementsOf(policy), name).toContainEqual(
          expect.objectContaining({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: service },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        );
      }
    }
    expect(resourcesOf(templates, 'AWS::SNS::Subscription')).toHaveLength(3);
  });

  it('has a budget that tells what is spent and what will be', () => {
    data.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 200, Unit: 'USD' }, TimeUnit: 'MONTHLY' },
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) }),
        Match.objectLike({
          Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }),
        }),
      ],
    });
  });
});

describe('what a stage for development keeps', () => {
  it('goes with its stack, and has neither budget nor subscriber', () => {
    const templates = synthesise(stageOf('dev'));
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table'])
      for (const [name, { DeletionPolicy }] of resourcesOf(templates, type))
        expect(DeletionPolicy, name).toBe('Delete');
    for (const [, { Properties }] of resourcesOf(templates, 'AWS::DynamoDB::Table'))
      expect(Properties['DeletionProtectionEnabled']).toBe(false);
    expect(resourcesOf(templates, 'AWS::Budgets::Budget')).toEqual([]);
    expect(resourcesOf(templates, 'AWS::SNS::Subscription')).toEqual([]);
  });
});
