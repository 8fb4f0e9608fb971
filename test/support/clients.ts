/** AWS SDK clients on a test stack, given its endpoints outright; no environment variable is read or set. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfigurations } from '../../local/stack/service-clients.ts';
import type { Servers } from '../../local/stack/start-servers.ts';

export interface TestClients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly tables: DynamoDBClient;
  destroy(): void;
}

export function createClients(servers: Pick<Servers, 'endpoint' | 'tableEndpoint'>): TestClients {
  const configurations = clientConfigurations(servers);
  const sqs = new SQSClient(configurations.sqs);
  const s3 = new S3Client(configurations.s3);
  const tables = new DynamoDBClient(configurations.dynamodb);
  return {
    sqs,
    s3,
    tables,
    destroy() {
      for (const client of [sqs, s3, tables]) client.destroy();
    },
  };
}
