/** The page's HTTP server, apart from its port: the page and its files, events, and the reports of jobs. */
import { readFileSync } from 'node:fs';
import { type FastifyInstance, fastify } from 'fastify';
import { LOOPBACK } from '../stack/addresses.ts';
import type { ClientModules } from './client-modules.ts';
import { EVENT_STREAM_HEADERS, type EventStream } from './event-stream.ts';
import { contentSecurityPolicy, pageHtml, paletteCss } from './page-html.ts';
import type { PageStart, PageView } from './page-view.ts';

export interface DashboardAppPorts {
  readonly client: ClientModules;
  readonly events: EventStream;
  readonly start: () => PageStart;
  /** Undefined before the first look. */
  readonly view: () => PageView | undefined;
  /** A page has connected. */
  readonly onReader: () => void;
  /** A job's `report.html`, or none. */
  readonly report: (job: string) => Promise<string | undefined>;
}

/** In the order in which they go before one another. */
const STYLES = ['base', 'layout', 'tiles', 'charts', 'tables', 'jobs', 'alarms', 'drift'];
const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** A page elsewhere whose name points here by its own DNS must not read what is graded. */
const HOSTS: readonly string[] = [LOOPBACK, 'localhost', '[::1]'];
/** A report brings its own style and needs nothing else. */
const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function createDashboardApp(ports: DashboardAppPorts): FastifyInstance {
  const { client } = ports;
  const policy = contentSecurityPolicy(client);
  const app = fastify({ logger: false, forceCloseConnections: true });

  app.addHook('onRequest', async (request, reply) => {
    if (HOSTS.includes(request.hostname)) return;
    await reply.code(421).type('text/plain').send('This page is served on the loopback address alone.\n');
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policy);
  });

  const file = (path: string, type: string, content: string): void => {
    app.get(path, async (_request, reply) => reply.type(type).send(content));
  };
  file('/', HTML, pageHtml(client));
  file(
    '/style.css',
    CSS,
    `${paletteCss()}${STYLES.map((part) => read(`./client/styles/${part}.css`)).join('')}`,
  );
  file('/icon.svg', 'image/svg+xml', read('./client/icon.svg'));
  file('/node_modules/uplot/dist/uPlot.min.css', CSS, read('../../node_modules/uplot/dist/uPlot.min.css'));
  for (const [path, code] of client.files) file(path, JAVASCRIPT, code);

  app.get('/events', { exposeHeadRoute: false }, async (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, EVENT_STREAM_HEADERS);
    ports.events.connect(reply.raw, ports.start(), ports.view());
    ports.onReader();
  });
  app.get<{ Params: { job: string } }>('/jobs/:job/report.html', async (request, reply) => {
    const report = await ports.report(request.params.job);
    if (report === undefined)
      return reply.code(404).type('text/plain').send('There is no report of this job.\n');
    return reply.header('content-security-policy', REPORT_POLICY).type(HTML).send(report);
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).type('text/plain').send('There is nothing here; the page is at /.\n'),
  );
  return app;
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
