/** `nutrisage grade`: asks the HTTP endpoint for the grade of one item, or of a list from a file. */
import { text as readStream } from 'node:stream/consumers';
import { EXPLAINED_ITEMS_MAX, LIST_ITEMS_MAX } from '../../schemas/http.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { gradeList, gradeOne } from '../endpoint/ask-endpoint.ts';
import type {
  GradeListResponse,
  GradeRequest,
  Item,
  ItemOutcome,
  PlainItem,
} from '../endpoint/client.generated.ts';
import { type EndpointAddress, findEndpoint } from '../endpoint/find-endpoint.ts';
import { readTextFile } from '../inputs/text-file.ts';
import { renderGrade, renderOutcomes } from '../output/render-grade.ts';
import type { AloneContext, CommandResult } from './command.ts';

export interface GradeOptions {
  /** The item as given by options; empty where a file is given. */
  readonly item: PlainItem;
  /** JSON: an item or a list; `-` for standard input. */
  readonly file: string | undefined;
  readonly isExplained: boolean;
  readonly endpoint: string | undefined;
}

const STANDARD_INPUT = '-';
const ITEM_REMEDY = 'Give one item as a JSON object, or a list of them.';

/** @throws {CommandError} */
export async function gradeCommand(options: GradeOptions, context: AloneContext): Promise<CommandResult> {
  const address = await findEndpoint(options.endpoint, context.environment, context.workingDirectory);
  const body = await readBody(options, context);
  if (Array.isArray(body)) return gradeItems(address, body, options, context);
  const answer = await gradeOne(address, body, options.isExplained);
  return {
    document: answer,
    text: renderGrade(answer, context.paint),
    exitCode: answer.outcome === 'graded' ? EXIT_CODES.ok : EXIT_CODES.failed,
  };
}

/** @throws {CommandError} `usage`, `file-missing`, `bad-item` */
async function readBody({ item, file }: GradeOptions, context: AloneContext): Promise<GradeRequest> {
  const isGiven = Object.keys(item).length > 0;
  if (file === undefined && isGiven) return item;
  if (file === undefined) {
    throw new CommandError(
      'usage',
      'there is nothing to grade',
      'Give nutrients, such as --sugars 32, or a JSON file; `-` reads standard input.',
    );
  }
  if (isGiven) throw new CommandError('usage', 'both a file and nutrients are given', 'Give one of them.');
  const name = file === STANDARD_INPUT ? 'standard input' : file;
  const content =
    file === STANDARD_INPUT
      ? await readStream(context.stdin)
      : await readTextFile('file of items', file, context.workingDirectory);
  const value = parse(content, name);
  if (typeof value === 'object' && value !== null) return value as GradeRequest; // the endpoint checks it
  throw new CommandError('bad-item', `${name} has neither an item nor a list of items`, ITEM_REMEDY);
}

/** @throws {CommandError} `bad-item` */
function parse(content: string, name: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new CommandError('bad-item', `${name} is not JSON: ${reason}`, ITEM_REMEDY, { cause });
  }
}

/** In as many requests as the endpoint’s limit on a list asks for. */
async function gradeItems(
  address: EndpointAddress,
  items: readonly Item[],
  { isExplained }: GradeOptions,
  { paint }: AloneContext,
): Promise<CommandResult> {
  const most = isExplained ? EXPLAINED_ITEMS_MAX : LIST_ITEMS_MAX;
  const outcomes: ItemOutcome[] = [];
  let modelVersion = '';
  // An empty list goes too: it is the endpoint that says what is wrong with it.
  for (let first = 0; first === 0 || first < items.length; first += most) {
    const answer = await gradeList(address, items.slice(first, first + most), isExplained);
    outcomes.push(...answer.items);
    modelVersion = answer.modelVersion;
  }
  const isWhole = outcomes.every(({ outcome }) => outcome === 'graded');
  return {
    document: { items: outcomes, modelVersion } satisfies GradeListResponse,
    text: renderOutcomes(outcomes, paint),
    exitCode: isWhole ? EXIT_CODES.ok : EXIT_CODES.failed,
  };
}
