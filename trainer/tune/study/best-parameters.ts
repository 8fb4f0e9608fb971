/** What a study found, as `npm run train -- --parameters` reads it. */
import { ModelParameters } from '../../../schemas/model-parameters.ts';
import { createParser } from '../../../schemas/parse.ts';
import { bestTrial, type Study } from './study.ts';

const parser = createParser('the parameters of the best trial', ModelParameters);

/** A study without a complete trial within the budget has nothing to give. */
export class NoBestTrialError extends Error {
  constructor({ trials, header }: Study) {
    const complete = trials.filter(({ state }) => state === 'complete');
    const fastest = Math.max(0, ...complete.map(({ result }) => result?.rowsPerSecond ?? 0));
    super(
      complete.length === 0
        ? `none of the study's ${trials.length} trials is complete: run more of them`
        : `none of ${complete.length} complete trials is predicted to reach ${header.rowsPerSecond} rows/s ` +
            `(the fastest ${Math.round(fastest)}): run more trials, or ask for fewer rows/s in a new study`,
    );
    this.name = 'NoBestTrialError';
  }
}

/**
 * Parameters of the best trial, with the number of rounds that it stopped at.
 * @throws {NoBestTrialError} where no complete trial meets the budget.
 */
export function bestParameters(study: Study): ModelParameters {
  const best = bestTrial(study);
  if (best === undefined) throw new NoBestTrialError(study);
  return parser.parse({ num_boost_round: best.result.rounds, ...best.parameters });
}
