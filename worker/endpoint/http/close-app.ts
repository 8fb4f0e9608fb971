import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Between two looks for connections that have become idle: Node closes those alone that are so when it is told to stop. */
const LOOK_MS = 50;

/**
 * Watches the connections of an application from its start; what it returns closes it.
 *
 * Closing takes no more connections and answers what was taken. A connection without a request is closed, one too that never
 * had any, as browsers open ahead: Node counts those as busy.
 */
export function closerOf(app: FastifyInstance): (seconds: number, late?: () => void) => Promise<void> {
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => unused.delete(socket));

  function closeIdle(): void {
    app.server.closeIdleConnections();
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
  }

  /** @param seconds after which what is not answered is cut off; @param late called before that */
  return async (seconds, late = () => {}) => {
    const idle = setInterval(closeIdle, LOOK_MS);
    const cut = setTimeout(() => {
      late();
      app.server.closeAllConnections();
    }, seconds * 1000);
    try {
      await app.close();
    } finally {
      clearInterval(idle);
      clearTimeout(cut);
    }
  };
}
