/**
 * The HTTP application, apart from listening: routes, who may call them, how much is taken, and what an error looks like.
 * Bodies are read by `readItem`, not by compiled schemas of routes, and answers are written as text: the schemas are those of
 * the OpenAPI document, and tests hold bodies and answers against them.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROMETHEUS_CONTENT_TYPE } from '../../../core/metrics/render-prometheus.ts';
import type { Readiness } from '../../../schemas/http.ts';
import { PATHS } from '../../../schemas/names.ts';
import type { GradingDesk } from '../grading/grading-desk.ts';
import type { ServingModel } from '../grading/serving-model.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { PageFiles } from '../page/page-files.ts';
import { authenticate, type Spend, spendItems } from './authentication.ts';
import { addDocumentRoutes, addPageRoutes } from './document-routes.ts';
import { answerClientError, asProblem } from './errors.ts';
import { addGradeRoute } from './grade-route.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addLookupRoutes, type LookupPorts } from './lookup-routes.ts';
import { watchRoutes } from './other-methods.ts';
import { ProblemError } from './problem.ts';
import { ANSWER_HEADERS, sendProblem } from './send.ts';

export interface AppSettings {
  readonly bodyBytesMax: number;
  readonly listItemsMax: number;
  /** For the headers of a request to come. */
  readonly headersSeconds: number;
  /** For a whole request to come. */
  readonly requestSeconds: number;
  /** A connection without a request is closed after this; above that of a load balancer in front. */
  readonly idleSeconds: number;
  /** Pages of these origins may call it from a browser. */
  readonly corsOrigins: readonly string[];
  /** Of the program. */
  readonly version: string;
}

export interface AppPorts {
  readonly desk: GradingDesk<FastifyReply>;
  /** @throws {ProblemError} `not-ready` while there is none to grade with. */
  readonly model: () => ServingModel;
  readonly readiness: () => Readiness;
  /** From now on connections are closed with their answers. */
  readonly isStopping: () => boolean;
  readonly isOverloaded: () => boolean;
  readonly lookup: LookupPorts;
  /** Text of `/metrics`. */
  readonly metrics: () => string;
  /** Absent: there is no page for people. */
  readonly page: PageFiles | undefined;
  /** Absent: whoever reaches the endpoint may use it. */
  readonly keys: Keyring | undefined;
  readonly rateLimiter: RateLimiter;
  readonly meter: RequestMeter;
  readonly log: Logger;
}

export interface RequestMeter {
  arrived(): void;
  /**
   * Called once for each that has arrived, also where the client has left before it was answered.
   * @param route as it is written, such as `/grades/:code`; @param seconds from its arrival
   * @param isShed whether it was refused since too much waits
   */
  answered(route: string, status: number, seconds: number, isShed: boolean): void;
}

declare module 'fastify' {
  interface FastifyReply {
    isShed: boolean;
  }
}

const SENT_ID = /^[\w.:-]{1,64}$/;
/** A page elsewhere whose name points here by its own DNS must not read what is graded. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
const HEADER_BYTES_MAX = 16_384;
/** How often connections are looked at for the limits of time. */
const CONNECTIONS_LOOK_MS = 1000;
/** A code has 256 characters at most, each of nine when it is escaped. */
const PARAMETER_LENGTH_MAX = 2400;
/** For so long a browser asks only once. */
const PREFLIGHT_SECONDS = 600;
const NO_ROUTE = 'none';
/** What other servers write of an answer that nobody waited for. */
const CLIENT_LEFT = 499;

export function createApp(settings: AppSettings, ports: AppPorts): FastifyInstance {
  const { log, meter } = ports;
  const app = Fastify({
    // What is worth a line is logged below: a child logger a request takes longer than to grade.
    logger: false,
    bodyLimit: settings.bodyBytesMax,
    requestIdHeader: false,
    genReqId: createRequestIds(),
    requestTimeout: settings.requestSeconds * 1000,
    keepAliveTimeout: settings.idleSeconds * 1000,
    connectionTimeout: settings.idleSeconds * 1000,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: settings.headersSeconds * 1000,
      connectionsCheckingInterval: CONNECTIONS_LOOK_MS,
      // Node would answer it without a word of what is wrong; it is looked for below.
      requireHostHeader: false,
    },
    // What comes while it stops is answered; `Connection: close` tells the client to go elsewhere next time.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // Before any hook: an address that can not be decoded.
    frameworkErrors(error, request, reply) {
      begin(request, reply);
      answerError(error, request, reply);
    },
  });

  function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = asProblem(thrown);
    // Why there is no model is told once, by who looks for one.
    const isWaiting = problem.code === 'not-ready' && problem.cause === undefined;
    if (problem.code === 'overloaded') reply.isShed = true;
    else if (problem.status >= 500 && !isWaiting) {
      log.error(
        { requestId: request.id, route: request.routeOptions.url, err: problem.cause ?? problem },
        problem.message,
      );
    }
    sendProblem(reply, problem);
  }

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const arrivedAt = performance.now();
    meter.arrived();
    // Comes after the answer's last byte was handed over, and also where the client has left before.
    reply.raw.on('close', () => {
      const status = reply.raw.writableFinished ? reply.statusCode : CLIENT_LEFT;
      const seconds = (performance.now() - arrivedAt) / 1000;
      meter.answered(request.routeOptions.url ?? NO_ROUTE, status, seconds, reply.isShed);
    });
    reply.headers(ANSWER_HEADERS).header('x-request-id', request.id);
    if (ports.isStopping()) reply.header('connection', 'close');
  }

  readBodiesAsBytes(app);
  app.decorateReply('isShed', false);
  app.decorateRequest('client', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply);
    const { host } = request.headers;
    if (host === undefined) throw new ProblemError('malformed-request');
    if (ports.keys === undefined && !OWN_HOST.test(host)) throw new ProblemError('host-unknown');
    done();
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(() => {
    throw new ProblemError('route-missing');
  });
  if (settings.corsOrigins.length > 0) {
    app.register(cors, {
      origin: [...settings.corsOrigins],
      methods: ['GET', 'POST'],
      maxAge: PREFLIGHT_SECONDS,
    });
  }
  const refuseOtherMethods = watchRoutes(app);
  addHealthRoutes(app, ports.readiness);
  addDocumentRoutes(app, settings.version);
  if (ports.page !== undefined) addPageRoutes(app, ports.page);
  app.register(async (guarded) => addGuardedRoutes(guarded, settings, ports));
  app.after(refuseOtherMethods);
  return app;
}

/** Routes that need a key, where keys are configured. */
function addGuardedRoutes(app: FastifyInstance, { listItemsMax }: AppSettings, ports: AppPorts): void {
  const { keys, rateLimiter, desk, model, lookup } = ports;
  if (keys !== undefined) {
    app.addHook('onRequest', (request, _reply, done) => {
      request.client = authenticate(keys, request);
      done();
    });
  }
  const admit = (): void => {
    if (ports.isOverloaded()) throw new ProblemError('overloaded', { headers: { 'retry-after': '1' } });
  };
  const spend: Spend = (request, reply, items) => spendItems(rateLimiter, request, reply, items);
  addGradeRoute(app, { desk, model, listItemsMax, admit, spend });
  addLookupRoutes(app, { ...lookup, spend });
  app.get(PATHS.metrics, (_request, reply) =>
    reply.header('content-type', PROMETHEUS_CONTENT_TYPE).send(ports.metrics()),
  );
}

/** No body is taken but JSON that is not compressed. */
function readBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

/** The sender's own, if it is a plain word, else one of the process and a number. */
function createRequestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return ({ headers }) => {
    const sent = headers['x-request-id'];
    if (typeof sent === 'string' && SENT_ID.test(sent)) return sent;
    count += 1;
    return `${prefix}-${count}`;
  };
}
