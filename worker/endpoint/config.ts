/** The endpoint's configuration: read once from the environment, checked whole, frozen. */
import { ApiClients } from '../../schemas/api-keys.ts';
import { LIST_ITEMS_MAX } from '../../schemas/http.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { type ProgramSettings, readProgramSettings } from '../program-settings.ts';
import { createSettingsReader, type Environment, type SettingsReader } from '../settings.ts';
import type { AppSettings } from './http/app.ts';

export interface EndpointConfig extends ProgramSettings {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Absent: grades are not looked up. */
  readonly gradesTable: string | undefined;
  /** Absent: jobs are not looked up. */
  readonly jobsTable: string | undefined;
  /** Absent: whoever reaches the endpoint may use it, so it is reached from this machine alone. */
  readonly clients: ApiClients | undefined;
  readonly app: AppSettings;
  /** Requests are refused while one would wait longer than this. */
  readonly waitMsMax: number;
  /** From SIGTERM, with readiness failing, until no more connections are taken. */
  readonly drainSeconds: number;
  /** From then until what is unanswered is cut off. */
  readonly stopSeconds: number;
}

const NUMBERS = {
  port: { name: ENVIRONMENT.endpointPort, fallback: 8080, min: 0, max: 65_535 },
  bodyBytesMax: { name: ENVIRONMENT.bodyBytesMax, fallback: 2 ** 20, min: 1024, max: 16 * 2 ** 20 },
  listItemsMax: { name: ENVIRONMENT.listItemsMax, fallback: LIST_ITEMS_MAX, min: 1, max: LIST_ITEMS_MAX },
  headersSeconds: { name: ENVIRONMENT.headersSeconds, fallback: 10, min: 1, max: 300 },
  requestSeconds: { name: ENVIRONMENT.requestSeconds, fallback: 20, min: 1, max: 300 },
  // An Application Load Balancer keeps its connections for 60 s: the one behind must not close them first.
  idleSeconds: { name: ENVIRONMENT.idleSeconds, fallback: 75, min: 1, max: 4000 },
  waitMsMax: { name: ENVIRONMENT.waitMsMax, fallback: 250, min: 10, max: 60_000 },
  drainSeconds: { name: ENVIRONMENT.drainSeconds, fallback: 0, min: 0, max: 110 },
  stopSeconds: { name: ENVIRONMENT.stopSeconds, fallback: 20, min: 1, max: 120 },
} as const;

const LOOPBACK = '127.0.0.1';
const LOOPBACKS: readonly string[] = [LOOPBACK, '::1', 'localhost'];
const EVERYWHERE = '0.0.0.0';

const clientsParser = createParser(ENVIRONMENT.apiKeys, ApiClients);

/** @param version of the program @throws {ConfigError} one message with every fault. */
export function readEndpointConfig(environment: Environment, version: string): EndpointConfig {
  const read = createSettingsReader('endpoint', environment);
  const clients = readClients(read);
  const host = read.optional(ENVIRONMENT.endpointHost) ?? (clients === undefined ? LOOPBACK : EVERYWHERE);
  if (clients === undefined && !LOOPBACKS.includes(host)) {
    read.fault(
      `${ENVIRONMENT.endpointHost} is "${host}" while ${ENVIRONMENT.apiKeys} is not set, so that anyone there could use it: ` +
        `set the keys (\`nutrisage key <client>\` makes one), or leave the host at ${LOOPBACK}.`,
    );
  }
  const config: EndpointConfig = {
    host,
    port: read.number(NUMBERS.port),
    gradesTable: read.optional(ENVIRONMENT.gradesTable),
    jobsTable: read.optional(ENVIRONMENT.jobsTable),
    clients,
    app: Object.freeze({
      bodyBytesMax: read.number(NUMBERS.bodyBytesMax),
      listItemsMax: read.number(NUMBERS.listItemsMax),
      headersSeconds: read.number(NUMBERS.headersSeconds),
      requestSeconds: read.number(NUMBERS.requestSeconds),
      idleSeconds: read.number(NUMBERS.idleSeconds),
      corsOrigins: readOrigins(read),
      version,
    }),
    waitMsMax: read.number(NUMBERS.waitMsMax),
    drainSeconds: read.number(NUMBERS.drainSeconds),
    stopSeconds: read.number(NUMBERS.stopSeconds),
    ...readProgramSettings(read),
  };
  read.finish();
  return Object.freeze(config);
}

function readClients(read: SettingsReader): ApiClients | undefined {
  const text = read.optional(ENVIRONMENT.apiKeys);
  if (text === undefined) return undefined;
  try {
    const clients = clientsParser.parse(JSON.parse(text));
    const names = clients.map(({ client }) => client);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      read.fault(
        `${ENVIRONMENT.apiKeys} has the client "${twice}" twice: give both of its keys in one \`sha256\`.`,
      );
    }
    return clients;
  } catch (error) {
    // Of a text that is not JSON the parser's message would repeat a part, which may be a key.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    read.fault(
      `${ENVIRONMENT.apiKeys} can not be used (${reason}): give what \`nutrisage key <client>\` prints, in a list.`,
    );
    return [];
  }
}

function readOrigins(read: SettingsReader): readonly string[] {
  const origins = (read.optional(ENVIRONMENT.corsOrigins) ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  for (const origin of origins) {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
    if (!isOrigin) {
      read.fault(
        `${ENVIRONMENT.corsOrigins} has "${origin}": give origins such as https://shop.example, separated by commas.`,
      );
    }
  }
  return origins;
}
