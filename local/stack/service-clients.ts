/** Settings of AWS SDK clients for the embedded servers, given outright: nothing is read from the environment. */
import { REGION } from './addresses.ts';

export interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface ClientConfigurations {
  readonly sqs: ClientConfiguration;
  readonly s3: ClientConfiguration;
  readonly dynamodb: ClientConfiguration;
}

/** An endpoint by address, not by name, makes the SDK put the bucket in the path, which the store needs. */
export function clientConfigurations(servers: {
  readonly endpoint: string;
  readonly tableEndpoint: string;
}): ClientConfigurations {
  const rest = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const store = { endpoint: servers.endpoint, ...rest };
  return { sqs: store, s3: store, dynamodb: { endpoint: servers.tableEndpoint, ...rest } };
}
