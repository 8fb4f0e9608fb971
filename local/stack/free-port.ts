import { once } from 'node:events';
import { createServer } from 'node:net';
import { LOOPBACK } from './addresses.ts';
import { StackError } from './stack-error.ts';

/** A port of this machine that nobody listens on now; it may be another's the moment after. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) return address.port;
  throw new StackError('There is no free port', 'See what listens on this machine.');
}
