/**
 * The newest items that were asked for, as many as drift can be told of: when they are full, they are held against the model's
 * training as the rows of a job are. The next window begins a minute later, so that a busy endpoint spends no time on it that
 * would be missed, and a quiet one has whole windows all the same.
 */
import type { Logger } from 'pino';
import { checkAgreement } from '../../../core/drift/agreement.ts';
import { createHistogramCounter } from '../../../core/drift/count-histograms.ts';
import { driftAgainstTraining, referenceBins } from '../../../core/drift/drift-report.ts';
import { encodeFeatures } from '../../../core/features/encode-features.ts';
import { createItemColumns, type ItemColumns, textColumn } from '../../../core/items/item-columns.ts';
import { NUTRIENTS } from '../../../core/items/nutrients.ts';
import { validate } from '../../../core/validation/validate.ts';
import type { DriftReport } from '../../../schemas/drift-report.ts';
import type { AgreementCheck } from '../../../schemas/job-summary.ts';
import type { ModelBasis } from '../../models/model-basis.ts';

export interface RequestWindow {
  /** Takes a row of graded items, unless the last window is being judged or less than a minute old. */
  graded(
    columns: ItemColumns,
    row: number,
    version: string,
    modelGrade: number,
    agreed: boolean | undefined,
  ): void;
  rejected(columns: ItemColumns, row: number, version: string): void;
}

export interface RequestWindowPorts {
  /** @throws {NutrisageError} */
  readonly basis: (version: string) => Promise<ModelBasis>;
  readonly found: (drift: DriftReport | undefined, agreement: AgreementCheck | undefined) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
  /** @default 2000 */
  readonly rows?: number;
}

/** In so many rows a moved unit or a lost decimal shows. */
const WINDOW_ROWS = 2000;
const PAUSE_MS = 60_000;

interface FullWindow {
  readonly columns: ItemColumns;
  /** Of the accepted rows. */
  readonly modelGrades: Uint8Array;
  readonly compared: number;
  readonly agreed: number;
}

export function createRequestWindow(ports: RequestWindowPorts): RequestWindow {
  const rows = ports.rows ?? WINDOW_ROWS;
  const columns = emptyColumns(rows);
  const modelGrades = new Uint8Array(rows);
  let version = '';
  let filled = 0;
  let accepted = 0;
  let compared = 0;
  let agreed = 0;
  let beginsAt = Number.NEGATIVE_INFINITY;

  function isTaking(of: string): boolean {
    // A full one waits to be judged, also where another model answers meanwhile: its rows stay as they are until then.
    if (filled === rows) return false;
    if (of !== version) empty(of);
    return filled > 0 || ports.now() >= beginsAt;
  }

  function empty(of: string): void {
    version = of;
    filled = 0;
    accepted = 0;
    compared = 0;
    agreed = 0;
  }

  function copy(from: ItemColumns, row: number): void {
    for (const nutrient of NUTRIENTS)
      columns.nutrients[nutrient][filled] = from.nutrients[nutrient][row] as number;
    columns.categoryRoles[filled] = from.categoryRoles[row] as number;
    columns.foodGroups[filled] = from.foodGroups[row] as number;
    filled += 1;
    if (filled < rows) return;
    beginsAt = ports.now() + PAUSE_MS;
    void judge(version, { columns, modelGrades: modelGrades.slice(0, accepted), compared, agreed });
  }

  async function judge(of: string, full: FullWindow): Promise<void> {
    try {
      const basis = await ports.basis(of);
      const drift = driftOf(of, full, basis);
      ports.found(drift, checkAgreement(full, basis.metrics));
    } catch (error) {
      ports.log.warn({ err: error, model: of }, 'a window of requests could not be held against training');
    } finally {
      empty(version);
    }
  }

  return {
    graded(from, row, of, modelGrade, isAgreed) {
      if (!isTaking(of)) return;
      modelGrades[accepted] = modelGrade;
      accepted += 1;
      if (isAgreed !== undefined) compared += 1;
      if (isAgreed === true) agreed += 1;
      copy(from, row);
    },
    rejected(from, row, of) {
      if (isTaking(of)) copy(from, row);
    },
  };
}

/** Codes are of no concern to drift; they only must not be blank. */
function emptyColumns(rows: number): ItemColumns {
  return createItemColumns(rows, 0, textColumn(Array.from({ length: rows }, () => '-')));
}

function driftOf(
  version: string,
  { columns, modelGrades }: FullWindow,
  { reference }: ModelBasis,
): DriftReport | undefined {
  const bins = reference && referenceBins(reference);
  if (reference === undefined || bins === undefined) return undefined;
  const items = validate(columns);
  const counter = createHistogramCounter(bins);
  counter.add(items, encodeFeatures(items, items.acceptedRows));
  return driftAgainstTraining(version, reference, counter.finish(modelGrades));
}
