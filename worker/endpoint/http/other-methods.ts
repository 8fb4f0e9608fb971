/** Addresses that there are, asked with a method that they do not have: 405 with those that they have, not 404. */
import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.ts';

/** The route by which preflights of every address are answered, which is none to ask with another method. */
const ANY_ADDRESS = '*';

/** Watches the routes that are added from now on; what it returns adds the refusals, once all are there. */
export function watchRoutes(app: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url === ANY_ADDRESS) return;
    const methods = methodsOf.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const others = app.supportedMethods.filter((method) => !methods.has(method));
      const allow = [...methods].sort().join(', ');
      const refuse = (): never => {
        const detail = `This address takes ${allow}.`;
        throw new ProblemError('method-not-allowed', { detail, headers: { allow } });
      };
      // Before a body would be read.
      app.route({ method: others, url, onRequest: refuse, handler: refuse });
    }
  };
}
