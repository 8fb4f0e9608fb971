/** Runs the registry's command in this process and takes what it prints. */
import { Writable } from 'node:stream';
import { runModelCommand } from '../../../trainer/registry/model-command.ts';
import type { Environment } from '../../../trainer/registry/open-registry.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runModel(
  argv: readonly string[],
  workingDirectory: string,
  environment: Environment = {},
): Promise<CommandOutcome> {
  const printed = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof printed): Writable =>
    new Writable({
      write(chunk, _, done) {
        printed[name] += String(chunk);
        done();
      },
    });
  const code = await runModelCommand(argv, {
    environment,
    workingDirectory,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  });
  return { code, ...printed };
}
