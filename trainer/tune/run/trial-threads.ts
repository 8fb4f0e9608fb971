/** Threads that trials run in, one each. A thread that dies takes its trial with it, not the study. */
import { Worker } from 'node:worker_threads';
import type { TrialOutcome, Verdict } from '../objective/run-trial.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import type { FromTrialThread, ToTrialThread, TrialThreadSettings } from './trial-messages.ts';

export interface TrialThreads extends AsyncDisposable {
  /**
   * Runs a trial in a thread of its own; `judge` is asked at each step. No more at once than there are seats.
   * @throws {Error} what stopped the trial, or that its thread died.
   */
  run(parameters: ParameterValues, judge: (step: number, loss: number) => Verdict): Promise<TrialOutcome>;
  /** Ends the running trials at their next round; each resolves as `stopped`. */
  stop(): void;
}

export function createTrialThreads(settings: Omit<TrialThreadSettings, 'stopFlag'>): TrialThreads {
  const stopFlag = new SharedArrayBuffer(4);
  const workerData: TrialThreadSettings = { ...settings, stopFlag };
  const idle: Worker[] = [];
  return {
    async run(parameters, judge) {
      const thread = idle.pop() ?? new Worker(new URL('./trial-thread.ts', import.meta.url), { workerData });
      const outcome = await runIn(thread, parameters, judge);
      idle.push(thread);
      if ('error' in outcome) throw new Error(outcome.error);
      return outcome;
    },
    stop() {
      Atomics.store(new Int32Array(stopFlag), 0, 1);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(idle.map((thread) => thread.terminate()));
    },
  };
}

/** Rejects when the thread dies, and then it is not idle again. */
function runIn(
  thread: Worker,
  parameters: ParameterValues,
  judge: (step: number, loss: number) => Verdict,
): Promise<TrialOutcome | { readonly error: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<TrialOutcome | { readonly error: string }>();
  const send = (message: ToTrialThread): void => thread.postMessage(message);
  const onMessage = (message: FromTrialThread): void => {
    if (message.kind === 'step') send({ kind: 'verdict', verdict: judge(message.step, message.loss) });
    else resolve(message.kind === 'outcome' ? message.outcome : { error: message.error });
  };
  const onExit = (code: number): void => reject(new Error(`the trial's thread ended with code ${code}`));
  thread.on('message', onMessage).once('error', reject).once('exit', onExit);
  send({ kind: 'run', parameters });
  return promise.finally(() => {
    thread.off('message', onMessage).off('error', reject).off('exit', onExit);
  });
}
