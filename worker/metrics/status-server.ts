/** A small HTTP server beside the work: `/metrics` for Prometheus, `/health/live` for who restarts processes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROMETHEUS_CONTENT_TYPE } from '../../core/metrics/render-prometheus.ts';
import { PATHS } from '../../schemas/names.ts';

export interface StatusServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host: string;
  /** Text of `/metrics`. */
  readonly metrics: () => string;
}

export interface StatusServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** @throws the server’s own error, such as `EADDRINUSE`, where it can not listen. */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const server = createServer((request, response) => send(request, response, answerTo(request, options)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // The work keeps the process alive, or nothing does.
  server.unref();
  const { port } = server.address() as AddressInfo; // of a server that listens on a port
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo({ method, url = '' }: IncomingMessage, { metrics }: StatusServerOptions): Answer {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD.\n');
  switch (url.split('?')[0]) {
    case PATHS.metrics:
      return { status: 200, contentType: PROMETHEUS_CONTENT_TYPE, body: metrics() };
    case PATHS.live:
      // That it answers is the answer: the event loop turns.
      return text(200, 'ok\n');
    default:
      return text(404, `There is ${PATHS.metrics} and ${PATHS.live}.\n`);
  }
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, contentType, body }: Answer,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(method === 'HEAD' ? undefined : body);
}
