/** Errors of the AWS SDK as errors that name the thing, the cause and the remedy. */
import { type ErrorCode, NutrisageError } from '../../core/errors.ts';
import { CommandError } from '../command-error.ts';

/** What was called: its name in errors, and where it is, when the configuration says so. */
export interface Service {
  readonly name: 'object store' | 'queue' | 'table';
  readonly endpoint: string | undefined;
}

const UNAVAILABLE: Readonly<Record<Service['name'], ErrorCode>> = {
  'object store': 'store-unavailable',
  queue: 'queue-unavailable',
  table: 'table-unavailable',
};

const CONNECTION_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not found',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EPIPE: 'connection closed',
};

const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const ABSENCES: ReadonlySet<string> = new Set([
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'ResourceNotFoundException',
]);

/** `what` names the thing that was asked for, such as `queue http://…/nutrisage-jobs`. */
export function translateAwsError(thrown: unknown, service: Service, what: string): Error {
  // Ours already: a check within an upload's stream, for one. And what Ctrl-C aborts is no fault of a service.
  if (thrown instanceof NutrisageError || thrown instanceof CommandError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.name === 'AbortError') return error;
  const fault = connectionFault(error);
  if (fault !== undefined) return unreachable(service, fault, error);
  if (/region is missing/i.test(error.message)) {
    return new CommandError('not-configured', 'no AWS region is set', 'Set AWS_REGION.', { cause: error });
  }
  const names = [error.name, errorCode(error)];
  if (names.some((name) => REFUSALS.has(name)) || statusOf(error) === 403) {
    return new CommandError(
      'access-denied',
      `${what} may not be used: ${error.message || error.name}`,
      'Check the AWS credentials in use and what they may do.',
      { cause: error },
    );
  }
  if (names.some((name) => ABSENCES.has(name))) {
    return new CommandError(
      'resource-missing',
      `there is no ${what}`,
      'Check its name and AWS_REGION; a local stack makes its own when it starts.',
      { cause: error },
    );
  }
  return refused(service, what, error);
}

function refused(service: Service, what: string, error: Error): Error {
  const reason =
    error.message && error.message !== error.name ? `${error.name}: ${error.message}` : error.name;
  const status = statusOf(error);
  if (status !== undefined && status >= 500) {
    return new NutrisageError(
      UNAVAILABLE[service.name],
      `${what} is not available (${reason})`,
      'Try again in a while.',
      { cause: error },
    );
  }
  return new CommandError(
    'service-refused',
    `${what} did not answer as it should (${reason})`,
    'Check the region, the endpoint and the name.',
    { cause: error },
  );
}

function unreachable(service: Service, fault: string, cause: Error): NutrisageError {
  const { name, endpoint } = service;
  const place = endpoint === undefined ? `the ${name} of AWS` : `the ${name} at ${endpoint}`;
  const remedy =
    endpoint === undefined
      ? 'Check the network and AWS_REGION.'
      : 'Is the local stack running (`npm run local`)? Else check the AWS_ENDPOINT_URL variables.';
  return new NutrisageError(UNAVAILABLE[name], `${place} cannot be reached (${fault})`, remedy, { cause });
}

function connectionFault(error: Error): string | undefined {
  if (error.name === 'TimeoutError') return 'no answer';
  const known = CONNECTION_FAULTS[errorCode(error)];
  if (known !== undefined) return known;
  // Node tries each address of a host and reports them together.
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  const [first] = inner.filter((part): part is Error => part instanceof Error);
  return first === undefined ? undefined : connectionFault(first);
}

/** Node's system code, or SQS's code in the query protocol. */
function errorCode(error: Error): string {
  const codes = error as { readonly code?: unknown; readonly Code?: unknown };
  const code = codes.code ?? codes.Code;
  return typeof code === 'string' ? code : '';
}

export function statusOf(error: unknown): number | undefined {
  const metadata = (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)
    ?.$metadata;
  return metadata?.httpStatusCode;
}
