/** Asks the endpoint by its generated client, and turns what it refuses into errors of the command. */
import { ENVIRONMENT } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import {
  type GradedItem,
  type GradeListResponse,
  type GradeRequest,
  grade,
  type ProblemDocument,
  type RejectedItem,
} from './client.generated.ts';
import type { EndpointAddress } from './find-endpoint.ts';

export type ItemAnswer = GradedItem | RejectedItem;

/** @throws {CommandError} `bad-item`, `endpoint-refused`, `endpoint-unavailable` */
export async function gradeOne(
  address: EndpointAddress,
  item: GradeRequest,
  isExplained: boolean,
): Promise<ItemAnswer> {
  const answer = await ask(address, item, isExplained);
  if (answer.status === 200) return answer.data as GradedItem; // the endpoint answers an item with one
  if (answer.status !== 422) throw refusal(address, answer.data);
  const { reasons = [], values = {} } = answer.data;
  return { outcome: 'rejected', ...codeOf(item), reasons, values };
}

/** @throws {CommandError} `bad-item`, `endpoint-refused`, `endpoint-unavailable` */
export async function gradeList(
  address: EndpointAddress,
  items: GradeRequest & readonly unknown[],
  isExplained: boolean,
): Promise<GradeListResponse> {
  const answer = await ask(address, items, isExplained);
  if (answer.status !== 200) throw refusal(address, answer.data);
  return answer.data as GradeListResponse; // and a list with a list
}

async function ask({ url, headers }: EndpointAddress, body: GradeRequest, isExplained: boolean) {
  try {
    return await grade(body, isExplained ? { explain: true } : {}, { baseUrl: url, headers });
  } catch (cause) {
    const reason =
      cause instanceof Error
        ? cause.cause instanceof Error
          ? cause.cause.message
          : cause.message
        : String(cause);
    throw new CommandError(
      'endpoint-unavailable',
      `the endpoint at ${url} does not answer (${reason || 'connection refused'})`,
      'Check the address, and that the endpoint runs.',
      { cause },
    );
  }
}

function refusal({ url }: EndpointAddress, { code, detail, status }: ProblemDocument): CommandError {
  if (code === 'invalid-item')
    return new CommandError('bad-item', sentence(detail), 'See `nutrisage grade --help` for the names.');
  const remedies: Readonly<Record<string, string>> = {
    'key-missing': `Set ${ENVIRONMENT.apiKey}.`,
    'key-unknown': `Set ${ENVIRONMENT.apiKey} to a key that the endpoint knows.`,
  };
  const isPassing = status === 429 || status >= 500;
  const message = `the endpoint at ${url} refuses (${code}): ${sentence(detail)}`;
  const remedy =
    remedies[code] ?? (isPassing ? 'Try again in a moment.' : 'See docs/errors.md for the code.');
  return new CommandError('endpoint-refused', message, remedy);
}

function sentence(detail: string): string {
  return detail.replace(/\.$/, '');
}

function codeOf(item: GradeRequest): { readonly code?: string } {
  const code = 'code' in item ? item.code : undefined;
  return typeof code === 'string' ? { code } : {};
}
