/** One embedded server as a program, `<kind> <directory> <port>`, started by `server-processes.ts`. */
import { startQueueAndObjectServer } from '../../local/stack/queue-and-object-server.ts';
import { startTableServer } from '../../local/stack/table-server.ts';

const [kind, directory = '', port] = process.argv.slice(2);
const start = kind === 'table' ? startTableServer : startQueueAndObjectServer;
const server = await start({ directory, port: Number(port) });
// Its test may end in any way; a server that outlived it would keep the port.
process.once('disconnect', () => process.exit());
process.send?.({ port: server.port });
