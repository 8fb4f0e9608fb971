/** Entry of a thread that runs one trial after the other: calls into libxgboost block for seconds. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { loadXgboost } from '../../xgboost/xgboost-library.ts';
import { createTrialForest } from '../objective/growing-forest.ts';
import { runTrial, type TrialOutcome } from '../objective/run-trial.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import type { FromTrialThread, ToTrialThread, TrialThreadSettings } from './trial-messages.ts';

if (parentPort === null) throw new Error('this file is the entry of a thread');
const port = parentPort;
const settings = workerData as TrialThreadSettings; // what trial-threads.ts hands over
const library = loadXgboost(settings.libraryPath);
const stopFlag = new Int32Array(settings.stopFlag);

function send(message: FromTrialThread): void {
  port.postMessage(message);
}

async function receive(): Promise<ToTrialThread> {
  const [message] = (await once(port, 'message')) as [ToTrialThread];
  return message;
}

async function run(parameters: ParameterValues): Promise<TrialOutcome> {
  const { rows, seed, limits } = settings;
  using forest = createTrialForest(library, rows, parameters, seed, limits.rowsPerSecond);
  return await runTrial(forest, limits, {
    askAtStep: async (step, loss) => {
      send({ kind: 'step', step, loss });
      const answer = await receive();
      return answer.kind === 'verdict' ? answer.verdict : 'stop';
    },
    isStopped: () => Atomics.load(stopFlag, 0) === 1,
    now: () => performance.now(),
  });
}

for (;;) {
  const message = await receive();
  if (message.kind !== 'run') continue;
  try {
    send({ kind: 'outcome', outcome: await run(message.parameters) });
  } catch (error) {
    send({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
  }
}
