/** A worker of `npm run bench:queue`: takes messages and acknowledges them at once; tells the parent of each. */
import { pino } from 'pino';
import { openQueue } from '../worker/adapters/open-queue.ts';
import { readConfig } from '../worker/config.ts';

const config = readConfig(process.env, 1);
const work = await openQueue(config, pino({ level: 'silent' }));
await work.check();
const tell = (message: 'ready' | 'handled'): void => void process.send?.(message);

process.once('message', () => {
  const consumption = work.queue.consume(async () => {
    tell('handled');
    return { kind: 'acknowledge' };
  }, Number(process.argv[2]));
  process.once('message', async () => {
    await consumption.stop();
    work.close();
    process.disconnect();
  });
});
tell('ready');
