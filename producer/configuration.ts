/**
 * Where the command finds its queues, bucket and tables: environment variables first, then what the local
 * stack that runs in this folder says of itself. Read once, checked whole, passed down.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  LOCAL_LOGS_DIRECTORY,
  LOCAL_STACK_DIRECTORY,
  LOCAL_STACK_FILE,
  LocalStackFile,
} from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { createParser, SchemaError } from '../schemas/parse.ts';
import { isRedisAddress, QUEUE_KINDS, type QueueKind } from '../schemas/redis-queue.ts';
import { CommandError } from './command-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Configuration {
  readonly queue: QueueSettings;
  readonly dataBucket: string;
  readonly jobsTable: string;
  /** Absent where grades are kept in Parquet alone. */
  readonly gradesTable: string | undefined;
  /** Logs of the local stack that the configuration is of; absent where it is of AWS. */
  readonly logsDirectory: string | undefined;
  /** What the AWS SDK needs and the environment or the stack says; absent fields are left to the SDK. */
  readonly aws: AwsSettings;
}

export type QueueSettings =
  | { readonly kind: 'sqs'; readonly jobsQueueUrl: string; readonly deadLetterQueueUrl: string }
  | { readonly kind: 'bullmq'; readonly redisUrl: string };

export interface AwsSettings {
  readonly region: string | undefined;
  readonly storeEndpoint: string | undefined;
  readonly queueEndpoint: string | undefined;
  readonly tableEndpoint: string | undefined;
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
}

type Variables = readonly (readonly [name: string, meaning: string])[];

/** The variables without which no command runs, with their meaning, for each kind of queue. */
export const REQUIRED_VARIABLES: Readonly<Record<QueueKind, Variables>> = {
  sqs: [
    [ENVIRONMENT.jobsQueueUrl, 'URL of the SQS queue that workers take work from'],
    [ENVIRONMENT.deadLetterQueueUrl, 'URL of its dead-letter queue'],
    [ENVIRONMENT.dataBucket, 'bucket that takes uploads and holds grades, rejects and summaries'],
    [ENVIRONMENT.jobsTable, 'DynamoDB table of jobs'],
  ],
  bullmq: [
    [ENVIRONMENT.redisUrl, 'address of the Redis that workers take work from'],
    [ENVIRONMENT.dataBucket, 'bucket that takes uploads and holds grades, rejects and summaries'],
    [ENVIRONMENT.jobsTable, 'DynamoDB table of jobs'],
  ],
};

/** A stack that once ran here, as its file says, and whether its process still lives. */
export interface FoundStack {
  readonly directory: string;
  readonly environment: Environment;
  readonly isRunning: boolean;
}

/**
 * Settles the configuration. The stack is asked only where a required variable is missing: a shell that names
 * AWS resources in full must not be sent to a local endpoint because a stack happens to run in the folder.
 *
 * @throws {CommandError} `not-configured`, `stack-stopped` or `bad-configuration`, naming every fault.
 */
export function settleConfiguration(environment: Environment, stack: FoundStack | undefined): Configuration {
  const own = withoutStrayRedis(withoutBlanks(environment));
  if (isComplete(own)) return fromVariables(own);
  if (stack?.isRunning === true) {
    const filled = { ...withoutBlanks(stack.environment), ...own };
    if (isComplete(filled)) return fromVariables(filled, join(stack.directory, LOCAL_LOGS_DIRECTORY));
  }
  throw incomplete(own, stack);
}

/** REDIS_URL is a name that many programs use: it is ours where the environment chooses the queue too. */
function withoutStrayRedis(variables: Environment): Environment {
  if (variables[ENVIRONMENT.queue] !== undefined) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== ENVIRONMENT.redisUrl));
}

/** One that is none is a fault of its own; until then it counts as the usual one. */
function queueKind(variables: Environment): QueueKind {
  return QUEUE_KINDS.find((kind) => kind === variables[ENVIRONMENT.queue]) ?? 'sqs';
}

function isComplete(variables: Environment): boolean {
  return REQUIRED_VARIABLES[queueKind(variables)].every(([name]) => variables[name] !== undefined);
}

function incomplete(own: Environment, stack: FoundStack | undefined): CommandError {
  const missing = REQUIRED_VARIABLES[queueKind(own)].filter(([name]) => own[name] === undefined);
  const listed = missing.map(([name, meaning]) => `${name} (${meaning})`).join(', ');
  const remedy = `Start the local stack with \`npm run local\`, or set ${listed}.`;
  if (stack === undefined) {
    return new CommandError(
      'not-configured',
      'no local stack runs here and the environment names none on AWS',
      remedy,
    );
  }
  if (!stack.isRunning) {
    return new CommandError('stack-stopped', `the local stack of ${stack.directory} is not running`, remedy);
  }
  return new CommandError(
    'bad-configuration',
    `the local stack of ${stack.directory} does not say where everything is`,
    `Stop it and start it again, or set ${listed}.`,
  );
}

function fromVariables(variables: Environment, logsDirectory?: string): Configuration {
  const required = (name: string): string => variables[name] ?? '';
  const everywhere = variables['AWS_ENDPOINT_URL'];
  const configuration: Configuration = {
    queue:
      queueKind(variables) === 'bullmq'
        ? { kind: 'bullmq', redisUrl: required(ENVIRONMENT.redisUrl) }
        : {
            kind: 'sqs',
            jobsQueueUrl: required(ENVIRONMENT.jobsQueueUrl),
            deadLetterQueueUrl: required(ENVIRONMENT.deadLetterQueueUrl),
          },
    dataBucket: required(ENVIRONMENT.dataBucket),
    jobsTable: required(ENVIRONMENT.jobsTable),
    gradesTable: variables[ENVIRONMENT.gradesTable],
    logsDirectory,
    aws: {
      region: variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'],
      storeEndpoint: variables['AWS_ENDPOINT_URL_S3'] ?? everywhere,
      queueEndpoint: variables['AWS_ENDPOINT_URL_SQS'] ?? everywhere,
      tableEndpoint: variables['AWS_ENDPOINT_URL_DYNAMODB'] ?? everywhere,
      credentials: credentialsOf(variables),
    },
  };
  const faults = [...queueFaults(variables), ...faultsOf(configuration)];
  if (faults.length > 0) {
    throw new CommandError(
      'bad-configuration',
      `the environment is not usable: ${faults.join('; ')}`,
      'Correct these variables.',
    );
  }
  return Object.freeze(configuration);
}

function credentialsOf(variables: Environment): AwsSettings['credentials'] {
  const accessKeyId = variables['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = variables['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = variables['AWS_SESSION_TOKEN'];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function queueFaults(variables: Environment): readonly string[] {
  const kind = variables[ENVIRONMENT.queue];
  const isKnown = kind === undefined || QUEUE_KINDS.some((known) => known === kind);
  return isKnown ? [] : [`${ENVIRONMENT.queue} is "${kind}", not one of ${QUEUE_KINDS.join(', ')}`];
}

function faultsOf({ queue, aws }: Configuration): readonly string[] {
  // Its address is not shown: there may be a password in it.
  if (queue.kind === 'bullmq' && !isRedisAddress(queue.redisUrl)) {
    return [`${ENVIRONMENT.redisUrl} is no redis:// or rediss:// address`];
  }
  const { jobsQueueUrl, deadLetterQueueUrl } =
    queue.kind === 'sqs' ? queue : { jobsQueueUrl: undefined, deadLetterQueueUrl: undefined };
  const addresses: readonly (readonly [string, string | undefined])[] = [
    [ENVIRONMENT.jobsQueueUrl, jobsQueueUrl],
    [ENVIRONMENT.deadLetterQueueUrl, deadLetterQueueUrl],
    ['AWS_ENDPOINT_URL_S3', aws.storeEndpoint],
    ['AWS_ENDPOINT_URL_SQS', aws.queueEndpoint],
    ['AWS_ENDPOINT_URL_DYNAMODB', aws.tableEndpoint],
  ];
  return addresses
    .filter(([, address]) => address !== undefined && !isHttpAddress(address))
    .map(([name, address]) => `${name} is "${address}", not an http or https address`);
}

function isHttpAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:';
}

function withoutBlanks(environment: Environment): Environment {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  return Object.fromEntries(set);
}

const parseStackFile = createParser('stack.json', LocalStackFile);

/**
 * The stack that NUTRISAGE_LOCAL_DIR or `./.nutrisage` tells of, or none.
 * @throws {CommandError} `bad-configuration` when its file is there but is not a stack's.
 */
export async function findStack(
  environment: Environment,
  workingDirectory: string,
): Promise<FoundStack | undefined> {
  const directory = resolve(
    workingDirectory,
    environment[ENVIRONMENT.localDirectory] || LOCAL_STACK_DIRECTORY,
  );
  const path = join(directory, LOCAL_STACK_FILE);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw unreadableStack(path, cause);
  });
  if (text === undefined) return undefined;
  try {
    const { pid, environment: settings } = parseStackFile.parse(JSON.parse(text));
    return { directory, environment: settings, isRunning: isAlive(pid) };
  } catch (cause) {
    if (cause instanceof SchemaError || cause instanceof SyntaxError) throw unreadableStack(path, cause);
    throw cause;
  }
}

function unreadableStack(path: string, cause: Error): CommandError {
  return new CommandError(
    'bad-configuration',
    `${path} cannot be used: ${cause.message}`,
    'Delete it and start the local stack again.',
    { cause },
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
