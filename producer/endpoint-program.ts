/** The part of the command line that is about the HTTP endpoint. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FIELD_KINDS, ITEM_FIELDS, ITEM_FORMS, type ItemField } from '../core/items/item-fields.ts';
import { CLIENT_NAME, ITEMS_PER_MINUTE, ITEMS_PER_MINUTE_MAX } from '../schemas/api-keys.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { leaf, wholeNumber } from './command-line.ts';
import type { ExecuteAlone } from './commands/command.ts';
import type { PlainItem } from './endpoint/client.generated.ts';

const ADDRESS = `address of the endpoint (default: ${ENVIRONMENT.endpointUrl}, else the local stack’s)`;
const CONNECTIONS = 256;
const CONNECTIONS_MAX = 10_000;

const TEXTS: Readonly<Partial<Record<ItemField['kind'], readonly [string, string]>>> = {
  [FIELD_KINDS.code]: ['<code>', 'barcode; the answer repeats it'],
  [FIELD_KINDS.categories]: [
    '<names>',
    'categories, separated by commas; without one there is no official grade',
  ],
  [FIELD_KINDS.foodGroups]: ['<names>', 'food groups of Open Food Facts'],
};

interface GradeFlags extends PlainItem {
  readonly explain?: boolean;
  readonly endpoint?: string;
  readonly json?: boolean;
}

export function addGrade(program: Command, executeAlone: ExecuteAlone): void {
  const command = leaf(
    program,
    'grade',
    'Ask the HTTP endpoint for a grade now: of one product by its nutrients per 100 g or 100 ml, or of what a JSON file has. Exit code 1 when one is not graded.',
    [
      'nutrisage grade --sugars 32 --energy-kj 1900',
      'nutrisage grade --categories "Hazelnut spreads" --energy-kj 2252 --fat 30.9 --saturated-fat 10.6 --sugars 56.3 --proteins 6.3 --salt 0.11 --explain',
      'nutrisage grade products.json',
      'jq .product item.json | nutrisage grade - --json',
    ],
  )
    .argument('[file]', 'JSON file with one item or a list of them; - for standard input')
    .option('--explain', 'say what the model looked at; at most 50 items a request')
    .option('--endpoint <url>', ADDRESS);
  for (const option of itemOptions()) command.addOption(option);
  command.action((file: string | undefined, { explain = false, endpoint, json: _, ...item }: GradeFlags) =>
    executeAlone(async (context) => {
      const { gradeCommand } = await import('./commands/grade.ts');
      return gradeCommand({ item, file, isExplained: explain, endpoint }, context);
    }),
  );
}

/** One for each plain name of an item: `energyKj` is `--energy-kj`. */
function itemOptions(): readonly Option[] {
  return ITEM_FIELDS.filter(isAsked).map(({ name, kind, unit }) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (kind === FIELD_KINDS.isSweetened) return new Option(flag, 'it has a non-nutritive sweetener');
    const text = TEXTS[kind];
    if (text !== undefined) return new Option(`${flag} ${text[0]}`, text[1]);
    return new Option(`${flag} <number>`, unit).argParser(amount);
  });
}

function isAsked({ forms, kind }: ItemField): boolean {
  return (forms & ITEM_FORMS.plain) !== 0 && kind !== FIELD_KINDS.label;
}

function amount(text: string): number {
  const value = Number(text);
  // `Number('')` is 0; a comma is how many a label has it.
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number, with a point and not a comma for decimals.');
}

export function addKey(program: Command, executeAlone: ExecuteAlone): void {
  leaf(
    program,
    'key',
    'Make an API key for a client of the HTTP endpoint. Nothing is stored: it is printed once, with the hash that the endpoint is given.',
    ['nutrisage key shop', 'nutrisage key shop --items-per-minute 600000 --json'],
  )
    .argument('<client>', 'name of who will call, such as shop', clientName)
    .option(
      '--items-per-minute <number>',
      'how many items the client may send in a minute',
      wholeNumber(1, ITEMS_PER_MINUTE_MAX),
      ITEMS_PER_MINUTE,
    )
    .action((client: string, { itemsPerMinute }: { itemsPerMinute: number }) =>
      executeAlone(async () => {
        const { key } = await import('./commands/key.ts');
        return key({ client, itemsPerMinute });
      }),
    );
}

interface LoadFlags {
  readonly schedule?: string;
  readonly speed: number;
  readonly items?: string;
  readonly connections: number;
  readonly retrySeconds: number;
  readonly figure?: string;
  readonly endpoint?: string;
}

export function addLoad(program: Command, executeAlone: ExecuteAlone): void {
  leaf(
    program,
    'load',
    'Ask the HTTP endpoint by a schedule, whether or not it keeps up, and tell how long answers took. Exit code 1 when a request failed; those shed with 503 are told apart.',
    [
      'nutrisage load --speed 20 --figure load.svg    # six phases, 66 s',
      'nutrisage load --schedule rush.json --retry-seconds 5 --json | jq .total.latencyMs.p99',
    ],
  )
    .option(
      '--schedule <file>',
      'JSON file: {"phases": [{"seconds": 60, "requestsPerSecond": 100}]} (default: six phases from 5 to 350 a second)',
    )
    .option('--speed <number>', 'how many times shorter the phases are; their rates stay', positive, 1)
    .option('--items <file>', 'JSON list of the items to ask with, taken in turn (default: made ones)')
    .option('--connections <number>', 'connections at most', wholeNumber(1, CONNECTIONS_MAX), CONNECTIONS)
    .option(
      '--retry-seconds <number>',
      'for how long a request is tried again that nobody answered or that was shed',
      wholeNumber(0, 3600),
      0,
    )
    .option('--figure <file>', 'draw rate and latency over time into this file (SVG)')
    .option('--endpoint <url>', ADDRESS)
    .action(({ schedule, items, figure, endpoint, ...options }: LoadFlags) =>
      executeAlone(async (context) => {
        const { loadCommand } = await import('./commands/load.ts');
        return loadCommand({ schedule, items, figure, endpoint, ...options }, context);
      }),
    );
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a number above 0.');
}

function clientName(text: string): string {
  if (new RegExp(CLIENT_NAME).test(text)) return text;
  throw new InvalidArgumentError('Give up to 40 lower-case letters, digits and hyphens, such as shop-2.');
}
