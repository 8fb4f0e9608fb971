/** What a trial's thread and its parent say to each other. */
import type { TuningRows } from '../objective/growing-forest.ts';
import type { TrialLimits, TrialOutcome, Verdict } from '../objective/run-trial.ts';
import type { ParameterValues } from '../tpe/search-space.ts';

export interface TrialThreadSettings {
  readonly libraryPath: string;
  readonly rows: TuningRows;
  readonly limits: TrialLimits;
  readonly seed: number;
  /** One Int32; 1 from when the study is stopped. Read between rounds, while messages can not arrive. */
  readonly stopFlag: SharedArrayBuffer;
}

export type ToTrialThread =
  | { readonly kind: 'run'; readonly parameters: ParameterValues }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };

export type FromTrialThread =
  | { readonly kind: 'step'; readonly step: number; readonly loss: number }
  | { readonly kind: 'outcome'; readonly outcome: TrialOutcome }
  | { readonly kind: 'failed'; readonly error: string };
