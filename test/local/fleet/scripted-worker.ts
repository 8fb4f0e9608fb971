/** A worker for tests of the fleet: does what the environment variable SCRIPT names. */
import { appendFileSync } from 'node:fs';

const SCRIPTS: Readonly<Record<string, () => void>> = {
  serve() {
    process.on('SIGTERM', () => {
      process.stdout.write('stopping in order\n');
      process.exit(0);
    });
    ready();
  },
  'ignore SIGTERM'() {
    process.on('SIGTERM', () => process.stdout.write('not now\n'));
    ready();
  },
  'die at start'() {
    process.stderr.write('the queue URL is not set\n\n');
    process.exit(3);
  },
  'tell its options'() {
    process.on('SIGTERM', () => process.exit(0));
    process.stdout.write(`${process.execArgv.join(' ')}\n`);
    ready();
  },
  'note the environment'() {
    const names = Object.keys(process.env).filter((name) => /^(AWS|ECS|NUTRISAGE)_/.test(name));
    appendFileSync(
      process.env['NOTES'] ?? '',
      names.map((name) => `${name}=${process.env[name]}\n`).join(''),
    );
    process.on('SIGTERM', () => process.exit(0));
    ready();
  },
};

function ready(): void {
  process.send?.({ kind: 'ready' });
  setInterval(() => {}, 60_000);
}

SCRIPTS[process.env['SCRIPT'] ?? '']?.();
