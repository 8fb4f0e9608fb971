/** The thread of the table server: dynalite over LevelDB, told what to do by `table-server.ts`. */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { installBatchWrites } from './batch-writes.ts';

export interface TableThreadOptions {
  readonly path: string;
  readonly host: string;
  readonly port: number;
}

export type TableThreadReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** A client keeps its connections for minutes; Node's 5 s would close them under a request. */
const KEEP_ALIVE_MS = 120_000;

const require = createRequire(import.meta.url);

if (parentPort === null) throw new Error('table-thread.ts runs as a worker thread only.');
const parent = parentPort;
const options = workerData as TableThreadOptions;
const server = createServer(options.path);
const report = (message: TableThreadReport): void => parent.postMessage(message);

server.once('error', (error: NodeJS.ErrnoException) => {
  report({ kind: 'refused', code: error.code ?? '', message: error.message });
});
server.listen(options.port, options.host, () => {
  report({ kind: 'listening', port: (server.address() as AddressInfo).port });
});
// Any message means stop. Closing the server closes LevelDB, after the writes under way.
parent.once('message', () => {
  server.close(() => parent.close());
  server.closeIdleConnections();
});

function createServer(path: string): Server {
  installBatchWrites(require);
  const dynalite = require('dynalite') as (options: object) => Server;
  const created = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  created.keepAliveTimeout = KEEP_ALIVE_MS;
  surviveBrokenRequests(created);
  return created;
}

/** dynalite throws a request's error, so a client that dies within a request would end the whole server. */
function surviveBrokenRequests(dynalite: Server): void {
  dynalite.on('request', (request) => {
    request.removeAllListeners('error');
    request.on('error', () => request.destroy());
  });
}
