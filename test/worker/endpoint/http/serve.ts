/** The application on a port of its own, with the model of five stumps: for tests of what goes over the wire. */

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pino } from 'pino';
import { expect } from 'vitest';
import { API_KEY_SECRET_BYTES, apiKey, apiKeyHash } from '../../../../core/keys/api-key.ts';
import type { ApiClients } from '../../../../schemas/api-keys.ts';
import { ProblemDocument } from '../../../../schemas/http.ts';
import { createParser } from '../../../../schemas/parse.ts';
import { createSliceGrader } from '../../../../worker/endpoint/grading/grade-slice.ts';
import { createGradingDesk } from '../../../../worker/endpoint/grading/grading-desk.ts';
import type { ServingModel } from '../../../../worker/endpoint/grading/serving-model.ts';
import { type AppPorts, type AppSettings, createApp } from '../../../../worker/endpoint/http/app.ts';
import { closerOf } from '../../../../worker/endpoint/http/close-app.ts';
import { singleAnswers } from '../../../../worker/endpoint/http/grade-route.ts';
import { createKeyring } from '../../../../worker/endpoint/keys/keyring.ts';
import { createRateLimiter } from '../../../../worker/endpoint/limits/rate-limiter.ts';
import { servingModel } from '../made-model.ts';

export const SETTINGS: AppSettings = {
  bodyBytesMax: 2 ** 20,
  listItemsMax: 1000,
  headersSeconds: 10,
  requestSeconds: 20,
  idleSeconds: 75,
  corsOrigins: [],
  version: '0.0.0',
};

export interface Served {
  readonly url: string;
  readonly app: FastifyInstance;
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
  /** What was counted, such as `/grade 200`. */
  readonly counted: string[];
  post(body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Writes bytes to a connection of their own; all that comes back until it is closed. */
  raw(bytes: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly settings?: Partial<AppSettings>;
  readonly ports?: Partial<AppPorts>;
  readonly model?: () => ServingModel;
}

export async function serve(options: ServeOptions = {}): Promise<Served> {
  const own = await servingModel();
  const model = options.model ?? (() => own);
  const grader = createSliceGrader('2023', 256, { graded() {}, rejected() {} });
  const now = (): number => performance.now();
  const logged: Record<string, unknown>[] = [];
  const counted: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const app = createApp(
    { ...SETTINGS, ...options.settings },
    {
      desk: createGradingDesk<FastifyReply>({ grader, model, singles: singleAnswers, now }),
      model,
      readiness: () => ({ status: 'ready', rules: '2023' }),
      isStopping: () => false,
      isOverloaded: () => false,
      lookup: { grades: undefined, jobs: undefined },
      metrics: () => '',
      page: undefined,
      keys: undefined,
      rateLimiter: createRateLimiter(now),
      meter: {
        arrived() {},
        answered: (route, status, _seconds, isShed) =>
          void counted.push(`${route} ${isShed ? 'shed' : status}`),
      },
      log,
      ...options.ports,
    },
  );
  const close = closerOf(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = new URL(url);
  return {
    url,
    app,
    logged,
    counted,
    post: (body, headers = {}, path = '/grade') =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    get: (path, init) => fetch(`${url}${path}`, init),
    raw(bytes) {
      return new Promise((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString('latin1');
        });
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
    },
    close: () => close(20),
  };
}

const problemDocument = createParser('problem document', ProblemDocument);

/** A response's problem, checked. */
export async function problemOf(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return checkedProblem(response.status, await response.text());
}

/** The problem in the bytes of an answer. */
export function rawProblem(answer: string): ProblemDocument {
  const [head = '', ...body] = answer.split('\r\n\r\n');
  return checkedProblem(Number(head.split(' ')[1]), body.join('\r\n\r\n'));
}

function checkedProblem(status: number, text: string): ProblemDocument {
  const problem = problemDocument.parse(JSON.parse(text));
  expect(problem.status).toBe(status);
  expect(problem.type).toBe(`urn:nutrisage:problem:${problem.code}`);
  return problem;
}

export function newKey(client: string): string {
  return apiKey(client, randomBytes(API_KEY_SECRET_BYTES));
}

/** Keys as an operator sets them. */
export function clientsWith(
  keys: Readonly<Record<string, readonly string[]>>,
  itemsPerMinute = 1000,
): ApiClients {
  return Object.entries(keys).map(([client, own]) => ({
    client,
    sha256: own.map((key) => apiKeyHash(key).toString('hex')),
    itemsPerMinute,
  }));
}

export function keyringOf(keys: Readonly<Record<string, readonly string[]>>, itemsPerMinute?: number) {
  return createKeyring(clientsWith(keys, itemsPerMinute));
}
