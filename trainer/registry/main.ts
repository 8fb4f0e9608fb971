/** `npm run model -- …`: the model registry's command line. */
import { runModelCommand } from './model-command.ts';

process.exitCode = await runModelCommand(process.argv.slice(2), {
  environment: process.env,
  workingDirectory: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
