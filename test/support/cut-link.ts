/** A link to a server that can be cut, as a network is: all connections end, and new ones are refused until it is mended. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutLink {
  readonly port: number;
  /** All that goes through it now ends. */
  drop(): void;
  /** Nothing gets through any more. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function openCutLink(target: number): Promise<CutLink> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A port was expected.');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const setCut = (value: boolean): void => {
    isCut = value;
    if (value) drop();
  };
  return {
    port: address.port,
    drop,
    cut: () => setCut(true),
    mend: () => setCut(false),
    close() {
      server.close();
      setCut(true);
    },
  };
}
