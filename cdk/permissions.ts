/** What each program may do, by the calls that its code makes. */
import { MODELS_PREFIX } from '../schemas/model-keys.ts';
import { PREFIXES, RESOURCES } from '../schemas/names.ts';
import type { Permission } from './grants.ts';
import { bucketArn, queueArn, type StageNames, tableArn, tasksArn } from './names.ts';
import type { StageConfig } from './stage-config.ts';

/** Keys follow from jobs and versions that are not yet known. */
const OBJECTS = 'Objects below one prefix: their keys follow from the job, the shard or the model.';

export function workerPermissions(names: StageNames, config: StageConfig): readonly Permission[] {
  const data = bucketArn(names.dataBucket);
  const models = bucketArn(names.modelBucket);
  return [
    {
      sid: 'TakeWork',
      actions: [
        'sqs:ReceiveMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:SendMessage',
        'sqs:GetQueueAttributes',
      ],
      resources: [queueArn(names.jobsQueue)],
    },
    {
      // And look at what the queue gave up by itself, of which the ledger knows nothing; it is made visible again.
      sid: 'GiveUp',
      actions: [
        'sqs:SendMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:ChangeMessageVisibility',
      ],
      resources: [queueArn(names.deadLetterQueue)],
    },
    {
      sid: 'ReadInputs',
      actions: ['s3:GetObject'],
      resources: [
        `${data}/${PREFIXES.inbox}*`,
        `${data}/${PREFIXES.uploads}*`,
        ...config.inputBuckets.map((bucket) => `${bucketArn(bucket)}/*`),
      ],
      wildcardReason: OBJECTS,
    },
    {
      sid: 'ReadModels',
      actions: ['s3:GetObject'],
      resources: [`${models}/${MODELS_PREFIX}*`],
      wildcardReason: OBJECTS,
    },
    {
      sid: 'WriteOutputs',
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [PREFIXES.grades, PREFIXES.rejects, PREFIXES.jobs].map((prefix) => `${data}/${prefix}*`),
      wildcardReason: OBJECTS,
    },
    tellMissing([data, models, ...config.inputBuckets.map(bucketArn)]),
    {
      sid: 'KeepLedger',
      actions: [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:Query',
      ],
      resources: [tableArn(names.jobsTable), jobsIndexArn(names)],
    },
    ...(config.worker.isTableWritten
      ? [
          {
            sid: 'WriteGrades',
            actions: ['dynamodb:BatchWriteItem'],
            resources: [tableArn(names.gradesTable)],
          },
        ]
      : []),
    {
      sid: 'ProtectItself',
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: [tasksArn(names.prefix)],
      wildcardReason: 'A task asks for itself, by an id that it has once it runs.',
    },
  ];
}

export function endpointPermissions(names: StageNames): readonly Permission[] {
  const models = bucketArn(names.modelBucket);
  return [
    {
      sid: 'ReadModels',
      actions: ['s3:GetObject'],
      resources: [`${models}/${MODELS_PREFIX}*`],
      wildcardReason: OBJECTS,
    },
    tellMissing([models]),
    { sid: 'LookUpGrades', actions: ['dynamodb:Query'], resources: [tableArn(names.gradesTable)] },
    { sid: 'LookUpJobs', actions: ['dynamodb:GetItem'], resources: [tableArn(names.jobsTable)] },
  ];
}

export function trainerPermissions(names: StageNames, config: StageConfig): readonly Permission[] {
  const models = bucketArn(names.modelBucket);
  const sources = config.trainer.sources.filter((source) => source.startsWith('s3://'));
  return [
    {
      sid: 'PublishModels',
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${models}/${MODELS_PREFIX}*`],
      wildcardReason: OBJECTS,
    },
    tellMissing([models]),
    ...(sources.length === 0
      ? []
      : [
          {
            sid: 'ReadSources',
            actions: ['s3:GetObject'],
            resources: sources.map((source) => bucketArn(source.slice('s3://'.length))),
          },
        ]),
  ];
}

/** Without it S3 answers that an object which is not there may not be read. */
function tellMissing(buckets: readonly string[]): Permission {
  return { sid: 'TellMissing', actions: ['s3:ListBucket'], resources: buckets };
}

function jobsIndexArn(names: StageNames): string {
  return `${tableArn(names.jobsTable)}/index/${RESOURCES.jobsByTimeIndex}`;
}
