/** Live accuracy without labels: how often model and rules agree, against what the model's card promises. */
import type { RowCounts } from '../../schemas/counts.ts';
import type { AgreementCheck } from '../../schemas/job-summary.ts';
import { ROWS_MIN } from '../statistics/enough-rows.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';

/**
 * The card's figure that agreement is held against: accuracy on products of which every input is there. Rows with a final
 * official grade are such rows; of those that Open Food Facts holds, and no model trained on, 116 of 118 agreed where
 * the card said 98.2 %.
 */
export const AGREEMENT_METRIC = 'accuracy.complete';
/**
 * So much below the card's figure agreement may lie, with its whole interval, before it is called low: catalogues differ
 * (on single kinds of product the card's own figures lie up to five points apart), and a model that has gone wrong
 * falls by ten.
 */
export const AGREEMENT_MARGIN = 0.03;

/** Undefined where the model states no such figure, or no row has both grades. */
export function checkAgreement(
  { compared, agreed }: Pick<RowCounts, 'compared' | 'agreed'>,
  metrics: Readonly<Record<string, number>>,
): AgreementCheck | undefined {
  const expected = metrics[AGREEMENT_METRIC];
  if (expected === undefined || compared === 0) return undefined;
  const { low, high } = wilsonInterval(agreed, compared);
  const isLow = high < expected - AGREEMENT_MARGIN;
  return {
    low,
    high,
    expected,
    margin: AGREEMENT_MARGIN,
    verdict: compared < ROWS_MIN ? 'too little data' : isLow ? 'low' : 'as expected',
  };
}
