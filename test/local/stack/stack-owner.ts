/** A process that owns the stack in the folder of its first argument, until it is killed. */
import { startServers } from '../../../local/stack/start-servers.ts';

await startServers({ directory: process.argv[2] ?? '', port: 0, tablePort: 0 });
process.send?.('owned');
