/** Puts the figures of a run together, and checks that they add up. */
import type { DataCard } from '../../schemas/data-card.ts';
import type { Choice } from './choose-rows.ts';
import type { SourceFile } from './sources/describe-file.ts';
import type { SourcePlan } from './sources/plan-source.ts';
import type { Survey } from './survey-rows.ts';

export interface ReadSource {
  readonly file: SourceFile;
  readonly plan: SourcePlan;
  readonly unreadableLines: number;
}

export interface CardInput {
  readonly options: { readonly sample?: number; readonly country?: string; readonly seed: number };
  readonly sources: readonly ReadSource[];
  readonly choice: Choice;
  readonly survey: Survey;
  readonly fingerprint: string;
}

const ATTRIBUTION = 'Open Food Facts contributors, openfoodfacts.org (ODbL 1.0)';

/** @throws {Error} where rows were lost between the passes. */
export function dataCard({ options, sources, choice, survey, fingerprint }: CardInput): DataCard {
  const unreadableLine = sources.reduce((sum, source) => sum + source.unreadableLines, 0);
  const rowsRead = [...choice.bySource.values()].reduce((sum, { rows }) => sum + rows, 0);
  const dropped = { unreadableLine, ...choice.dropped };
  const droppedRows = Object.values(dropped).reduce((sum, rows) => sum + rows, 0);
  const read = rowsRead + unreadableLine;
  const { kept } = choice;
  if (kept + droppedRows !== read || survey.rows !== kept) {
    throw new Error(
      `${read} rows were read, ${kept} kept, ${droppedRows} dropped and ${survey.rows} written`,
    );
  }
  return {
    format: 1,
    fingerprint,
    options: { country: options.country ?? null, sample: options.sample ?? null, seed: options.seed },
    sources: sources.map(({ file, plan, unreadableLines }) => {
      const counts = choice.bySource.get(file.name);
      return {
        name: file.name,
        shape: plan.shape,
        bytes: file.bytes,
        rows: counts?.rows ?? 0,
        kept: counts?.kept ?? 0,
        unreadableLines,
        codes: plan.codes,
        gradeRules: plan.gradeRules,
        gradesWithheld: counts?.gradesWithheld ?? 0,
      };
    }),
    rows: { read, kept, dropped },
    rejectReasons: { ...choice.rejectReasons },
    missing: survey.missing,
    labels: survey.labels,
    attribution: ATTRIBUTION,
  };
}
