/** `/health/live`: that it answers is the answer. `/health/ready`: whether requests may be sent here. */
import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../../../schemas/http.ts';
import { PATHS } from '../../../schemas/names.ts';
import { sendJson } from './send.ts';

export function addHealthRoutes(app: FastifyInstance, readiness: () => Readiness): void {
  app.get(PATHS.live, (_request, reply) => sendJson(reply, '{"status":"live"}'));
  app.get(PATHS.ready, (_request, reply) => {
    const state = readiness();
    if (state.status !== 'ready') reply.code(503).header('retry-after', '1');
    sendJson(reply, JSON.stringify(state));
  });
}
