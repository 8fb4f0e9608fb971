/**
 * Names of everything that a stage has, and their ARNs as text. Literal names, not references: parts that name each other make
 * no cycle, and a stack can change without another that imports from it holding it fast.
 */
import { Aws } from 'aws-cdk-lib';
import type { Alarm } from '../schemas/alarms.ts';
import { METRIC_NAMESPACE } from '../schemas/metrics.ts';
import { RESOURCES } from '../schemas/names.ts';

export interface StageNames {
  /** `nutrisage-<stage>`: of the cluster, the workgroup and before all that has no name of its own. */
  readonly prefix: string;
  readonly dataBucket: string;
  readonly modelBucket: string;
  readonly accessLogBucket: string;
  readonly jobsQueue: string;
  readonly deadLetterQueue: string;
  readonly gradesTable: string;
  readonly jobsTable: string;
  readonly catalog: string;
  readonly workerService: string;
  readonly endpointService: string;
  readonly apiKeysSecret: string;
  readonly metricNamespace: string;
}

export function stageNames(stage: string, region: string): StageNames {
  // Bucket names are the world's: account and region make them ours.
  const bucket = (name: string): string => `${name}-${stage}-${Aws.ACCOUNT_ID}-${region}`;
  const prefix = `nutrisage-${stage}`;
  return {
    prefix,
    dataBucket: bucket(RESOURCES.dataBucket),
    modelBucket: bucket(RESOURCES.modelBucket),
    accessLogBucket: bucket('nutrisage-access-logs'),
    jobsQueue: `${RESOURCES.jobsQueue}-${stage}`,
    deadLetterQueue: `${RESOURCES.deadLetterQueue}-${stage}`,
    gradesTable: `${RESOURCES.gradesTable}-${stage}`,
    jobsTable: `${RESOURCES.jobsTable}-${stage}`,
    // Athena's SQL wants quotes around a dash.
    catalog: prefix.replaceAll('-', '_'),
    workerService: `${prefix}-worker`,
    endpointService: `${prefix}-endpoint`,
    apiKeysSecret: `${prefix}/api-keys`,
    metricNamespace: `${METRIC_NAMESPACE}/${stage}`,
  };
}

export function logGroupName({ prefix }: StageNames, program: string): string {
  return `/${prefix.replace('-', '/')}/${program}`;
}

export function topicName({ prefix }: StageNames, severity: Alarm['severity']): string {
  return `${prefix}-${severity}`;
}

export function bucketArn(bucketName: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucketName}`;
}

export function queueArn(queueName: string): string {
  return regionalArn('sqs', queueName);
}

export function queueUrl(queueName: string): string {
  return `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${queueName}`;
}

export function tableArn(table: string): string {
  return regionalArn('dynamodb', `table/${table}`);
}

export function topicArn(topic: string): string {
  return regionalArn('sns', topic);
}

/** Every task of a cluster. */
export function tasksArn(clusterName: string): string {
  return regionalArn('ecs', `task/${clusterName}/*`);
}

function regionalArn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}
