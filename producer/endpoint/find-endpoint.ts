/** Where the HTTP endpoint is, and with which key it is asked. */
import { ENVIRONMENT } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { type Environment, findStack } from '../configuration.ts';

export interface EndpointAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The address that is given, else the environment's, else that of the local stack which runs in this folder.
 * @throws {CommandError} `not-configured`, `stack-stopped`, `bad-configuration`
 */
export async function findEndpoint(
  given: string | undefined,
  environment: Environment,
  workingDirectory: string,
): Promise<EndpointAddress> {
  const url =
    given ?? (environment[ENVIRONMENT.endpointUrl] || (await localUrl(environment, workingDirectory)));
  const key = environment[ENVIRONMENT.apiKey];
  return {
    url: checked(url),
    // Never as an option: the list of processes shows those to everyone.
    headers: key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` },
  };
}

function checked(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
  if (isHttp) return url.replace(/\/+$/, '');
  throw new CommandError(
    'bad-configuration',
    `the endpoint’s address is "${url}"`,
    'Give an http or https address, such as http://127.0.0.1:8080.',
  );
}

async function localUrl(environment: Environment, workingDirectory: string): Promise<string> {
  const stack = await findStack(environment, workingDirectory);
  const remedy = `Start the local stack with \`npm run local\`, or name an endpoint by --endpoint or ${ENVIRONMENT.endpointUrl}.`;
  if (stack === undefined)
    throw new CommandError('not-configured', 'no endpoint is named and no local stack runs here', remedy);
  if (!stack.isRunning)
    throw new CommandError('stack-stopped', `the local stack of ${stack.directory} is not running`, remedy);
  const url = stack.environment[ENVIRONMENT.endpointUrl];
  if (url !== undefined) return url;
  throw new CommandError('not-configured', `the local stack of ${stack.directory} has no endpoint`, remedy);
}
