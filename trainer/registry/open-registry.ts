/** Where the registry is: what `--to` names, else the environment's model bucket, else the local stack's. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { LOCAL_STACK_DIRECTORY, LOCAL_STACK_FILE, LocalStackFile } from '../../schemas/local-stack.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { createFolderRegistryStore } from './folder-registry-store.ts';
import { RegistryError } from './registry-error.ts';
import type { ModelRegistryStore } from './registry-store.ts';
import { createS3RegistryStore } from './s3-registry-store.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenRegistry {
  readonly store: ModelRegistryStore;
  /** Ends idle connections, so that the process can end. */
  close(): void;
}

export type RegistryPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly prefix: string;
      readonly environment: Environment;
    };

/** As `docs/models.md` says; 3 to 63 characters, as S3 has it. */
const S3_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

const parseStackFile = createParser('stack.json', LocalStackFile);

/**
 * @param workingDirectory where a local stack is looked for and folders are relative to.
 * @throws {RegistryError} `usage`, `no-registry`
 */
export function placeOfRegistry(
  to: string | undefined,
  environment: Environment,
  workingDirectory: string,
): RegistryPlace {
  if (to !== undefined) {
    if (to.startsWith('s3:')) return s3Place(to, environment);
    return { kind: 'folder', folder: resolve(workingDirectory, to) };
  }
  const own = environment[ENVIRONMENT.modelBucket];
  if (own) return s3Place(`s3://${own}`, environment);
  const stack = stackEnvironment(environment, workingDirectory);
  const local = stack?.[ENVIRONMENT.modelBucket];
  if (local) return s3Place(`s3://${local}`, { ...environment, ...stack });
  throw new RegistryError(
    'no-registry',
    'it is not said where the registry is, and no local stack runs here',
    `Give --to <folder> or --to s3://bucket, set ${ENVIRONMENT.modelBucket}, or start the local stack with \`npm run local\`.`,
  );
}

function s3Place(to: string, environment: Environment): RegistryPlace {
  const [, bucket, prefix = ''] = S3_PLACE.exec(to) ?? [];
  if (bucket === undefined) {
    throw new RegistryError(
      'usage',
      `"${to}" is no place on S3`,
      'Write it as s3://bucket or s3://bucket/prefix.',
    );
  }
  return { kind: 's3', bucket, prefix: prefix.replaceAll(/^\/+|\/+$/g, ''), environment };
}

/** Of the stack that runs in this folder; one that does not run leaves no such file, or one of a dead process. */
function stackEnvironment(environment: Environment, workingDirectory: string): Environment | undefined {
  const folder = resolve(workingDirectory, environment[ENVIRONMENT.localDirectory] || LOCAL_STACK_DIRECTORY);
  try {
    const file = parseStackFile.parse(JSON.parse(readFileSync(join(folder, LOCAL_STACK_FILE), 'utf8')));
    process.kill(file.pid, 0);
    return file.environment;
  } catch {
    return undefined;
  }
}

/** A silent server must not hold the command for ever, as the SDK's clients would by themselves. */
const CONNECTION_MS = 5000;
const SOCKET_MS = 30_000;

export function openRegistry(place: RegistryPlace): OpenRegistry {
  if (place.kind === 'folder') return { store: createFolderRegistryStore(place.folder), close() {} };
  const { bucket, prefix, environment } = place;
  const client = new S3Client(clientSettings(environment));
  return { store: createS3RegistryStore({ client, bucket, prefix }), close: () => client.destroy() };
}

function clientSettings(environment: Environment) {
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    requestHandler: { connectionTimeout: CONNECTION_MS, socketTimeout: SOCKET_MS },
    // Stores other than Amazon's seldom answer to bucket names as host names.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(hasKeys
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
}
