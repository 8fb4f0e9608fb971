import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRegistry, type Registry } from '../../../../core/metrics/registry.ts';
import type { DriftReport } from '../../../../schemas/drift-report.ts';
import type { AgreementCheck } from '../../../../schemas/job-summary.ts';
import { createSliceGrader, type SliceMeter } from '../../../../worker/endpoint/grading/grade-slice.ts';
import { createEndpointMeter } from '../../../../worker/endpoint/metrics/endpoint-meter.ts';
import {
  createRequestWindow,
  type RequestWindow,
} from '../../../../worker/endpoint/metrics/request-window.ts';
import type { ModelBasis } from '../../../../worker/models/model-basis.ts';
import { plainReference } from '../../../support/drift-reference.ts';
import { servingModel } from '../made-model.ts';
import { IMPOSSIBLE, LOOSE, SPREAD, spreads } from '../products.ts';

const NO_WINDOW: RequestWindow = { graded() {}, rejected() {} };

function valuesOf(registry: Registry): Record<string, number> {
  return Object.fromEntries(
    registry
      .snapshot()
      .map((series) => [
        [series.metric, ...Object.values(series.labels)].join(' '),
        'value' in series ? series.value : series.counts.reduce((sum, count) => sum + count, 0),
      ]),
  );
}

/** Grades items, counting them, with this version of the model. */
async function grade(meter: SliceMeter, items: readonly unknown[], version = 'first'): Promise<void> {
  const model = { ...(await servingModel()), version };
  const grader = createSliceGrader('2023', 4096, meter);
  const slice = { values: items, first: 0, end: items.length, model, isExplained: false };
  await grader.grade(slice, { graded() {}, rejected() {}, invalid() {} });
}

describe('the endpoint’s meter', () => {
  it('counts items by whose grade counts, and what was rejected by reason', async () => {
    const registry = createRegistry('endpoint');
    await grade(createEndpointMeter(registry, NO_WINDOW), [SPREAD, SPREAD, LOOSE, IMPOSSIBLE, { sugar: 1 }]);
    expect(valuesOf(registry)).toMatchObject({
      RowsRead: 4,
      'RowsGraded official': 2,
      'RowsGraded model': 1,
      RowsRejected: 1,
      RowsCompared: 2,
      'RejectReasons saturated-fat-over-fat': 1,
    });
    expect([0, 2]).toContain(valuesOf(registry)['RowsAgreed']);
  });

  it('counts requests by route and status, what was shed apart from what failed', () => {
    const registry = createRegistry('endpoint');
    const meter = createEndpointMeter(registry, NO_WINDOW);
    for (let index = 0; index < 5; index += 1) meter.arrived();
    meter.answered('/grade', 200, 0.001, false);
    meter.answered('/grade', 422, 0.001, false);
    meter.answered('/grade', 503, 0.001, true);
    meter.answered('/jobs/:job', 500, 0.2, false);
    meter.refresh();
    expect(valuesOf(registry)).toMatchObject({
      'Requests /grade 2xx': 1,
      'Requests /grade 4xx': 1,
      'Requests /grade 5xx': 1,
      'Requests /jobs/:job 5xx': 1,
      'RequestTime /grade': 3,
      RequestErrors: 1,
      RequestsShed: 1,
      RequestsInFlight: 1,
    });
  });
});

describe('the window of requests', () => {
  const found: { readonly drift: DriftReport | undefined; readonly agreement: AgreementCheck | undefined }[] =
    [];
  let clock: number;
  let basis: (version: string) => Promise<ModelBasis>;
  let meter: SliceMeter;
  beforeEach(() => {
    found.length = 0;
    clock = 0;
    basis = async () => ({ reference: plainReference(), metrics: { 'accuracy.complete': 0.98 } });
    const window = createRequestWindow({
      basis: (version) => basis(version),
      found: (drift, agreement) => void found.push({ drift, agreement }),
      now: () => clock,
      log: pino({ level: 'silent' }),
      rows: 1000,
    });
    meter = createEndpointMeter(createRegistry('endpoint'), window);
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('is held against the model’s training when it is full, rejected items too', async () => {
    await grade(meter, [...spreads(990), ...Array.from({ length: 9 }, () => IMPOSSIBLE)]);
    await settled();
    expect(found).toEqual([]);
    await grade(meter, [SPREAD]);
    await settled();
    expect(found).toHaveLength(1);
    const [{ drift, agreement } = { drift: undefined, agreement: undefined }] = found;
    expect(drift).toMatchObject({ modelVersion: 'first', rows: 1000, accepted: 991, verdict: 'major' });
    expect(agreement).toMatchObject({ expected: 0.98 });
  });

  it('rests for a minute, and then begins anew', async () => {
    await grade(meter, spreads(1500));
    await settled();
    await grade(meter, spreads(1000));
    await settled();
    expect(found).toHaveLength(1);
    clock = 60_000;
    await grade(meter, spreads(999));
    await settled();
    expect(found).toHaveLength(1);
    await grade(meter, spreads(1));
    await settled();
    expect(found).toHaveLength(2);
  });

  it('begins anew with another model', async () => {
    await grade(meter, spreads(900));
    await grade(meter, spreads(900), 'second');
    await settled();
    expect(found).toEqual([]);
    await grade(meter, spreads(100), 'second');
    await settled();
    expect(found[0]?.drift?.modelVersion).toBe('second');
  });

  it('keeps its rows until it is judged, whatever another model grades meanwhile', async () => {
    const ready = Promise.withResolvers<ModelBasis>();
    basis = () => ready.promise;
    await grade(meter, spreads(1000));
    // The reference is waited for longer than the window rests.
    clock = 60_000;
    await grade(
      meter,
      Array.from({ length: 300 }, () => IMPOSSIBLE),
      'second',
    );
    ready.resolve({ reference: plainReference(), metrics: {} });
    await settled();
    expect(found[0]?.drift).toMatchObject({ modelVersion: 'first', rows: 1000, accepted: 1000 });
  });

  it('says nothing of drift where the model has no reference, and goes on where it can not be read', async () => {
    basis = async () => ({ reference: undefined, metrics: {} });
    await grade(meter, spreads(1000));
    await settled();
    expect(found).toEqual([{ drift: undefined, agreement: undefined }]);
    clock = 60_000;
    basis = async () => {
      throw new Error('the store is away');
    };
    await grade(meter, spreads(1000));
    await settled();
    clock = 120_000;
    basis = async () => ({ reference: undefined, metrics: {} });
    await grade(meter, spreads(1000));
    await settled();
    expect(found).toHaveLength(2);
  });
});
