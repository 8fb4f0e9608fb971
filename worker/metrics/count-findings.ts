import type { Registry } from '../../core/metrics/registry.ts';
import type { DriftReport } from '../../schemas/drift-report.ts';
import type { AgreementCheck } from '../../schemas/job-summary.ts';

/** What a closed job or a full window of requests has shown of drift and of agreement. */
export function countFindings(
  registry: Registry,
  drift: Pick<DriftReport, 'features'> | undefined,
  agreement: AgreementCheck | undefined,
): void {
  for (const { verdict } of drift?.features ?? []) {
    const hasMoved = verdict === 'moderate' || verdict === 'major';
    if (hasMoved) registry.add('DriftingFeatures', 1, { Verdict: verdict });
  }
  if (agreement === undefined || agreement.verdict === 'too little data') return;
  registry.observe('AgreementShortfall', Math.max(0, agreement.expected - agreement.high) * 100);
}
