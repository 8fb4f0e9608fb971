/** What `cdk` runs: reads the stage from the command line's context, and adds its stacks. */
import { addStage, createApp } from './build-app.ts';
import { contextReader, readDelivery, readStage } from './read-context.ts';
import { StageConfigError } from './stage-config.ts';

const app = createApp();
const read = contextReader(app);
try {
  addStage(app, readStage(read), readDelivery(read));
  app.synth();
} catch (error) {
  if (!(error instanceof StageConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: an application without stacks would be synthesised at the end.
  process.exit(2);
}
