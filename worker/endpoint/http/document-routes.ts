/** What is served as it is: the OpenAPI document, its page, and the page to grade on. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { openApiDocument } from '../../../schemas/openapi.ts';
import { docsPage } from '../docs/docs-page.ts';
import type { PageFiles } from '../page/page-files.ts';
import { sendJson } from './send.ts';

/** A page of our own has its style within, its script and data from here, and nothing from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function sendPage(reply: FastifyReply, html: string): void {
  reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'no-referrer',
    })
    .send(html);
}

/** @param version of the program */
export function addDocumentRoutes(app: FastifyInstance, version: string): void {
  const document = openApiDocument(version);
  const text = JSON.stringify(document);
  const page = docsPage(document);
  app.get('/openapi.json', (_request, reply) => sendJson(reply, text));
  app.get('/docs', (_request, reply) => sendPage(reply, page));
}

/** The page for people, where the endpoint is on their own machine. */
export function addPageRoutes(app: FastifyInstance, { html, styles, scripts }: PageFiles): void {
  app.get('/', (_request, reply) => sendPage(reply, html));
  const serve = (files: Readonly<Record<string, string>>, contentType: string): void => {
    for (const [name, text] of Object.entries(files)) {
      app.get(`/page/${name}`, (_request, reply) => reply.header('content-type', contentType).send(text));
    }
  };
  serve(styles, 'text/css; charset=utf-8');
  serve(scripts, 'text/javascript; charset=utf-8');
}
