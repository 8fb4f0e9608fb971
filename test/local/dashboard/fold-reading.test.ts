import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/metrics/registry.ts';
import {
  LATENCY_SECONDS,
  PROCESS_SECONDS,
  startDashboardState,
} from '../../../local/dashboard/fold-reading.ts';
import { makeView } from '../../../local/dashboard/make-view.ts';
import { countingWorker, EMPTY, fleetOf, fold, reading, START, viewOf } from './readings.ts';

const seconds = (count: number): number[] => Array.from({ length: count }, (_, second) => second + 1);

describe('the folded readings', () => {
  it('are no page before the first', () => {
    expect(makeView(startDashboardState(START))).toBeUndefined();
  });

  it('count rows of ten seconds a second, whatever moment they were counted in', () => {
    const worker = countingWorker('worker-1');
    const steady = seconds(30).map((second) => {
      // Shards of 5,000 rows every five seconds.
      if (second % 5 === 0) worker.registry.add('RowsRead', 5000);
      return reading(second, { fleet: fleetOf(worker.read()) });
    });
    expect(viewOf(steady).rates.rows).toBe(1000);
    const quiet = seconds(11).map((second) => reading(30 + second, { fleet: fleetOf(worker.read()) }));
    expect(viewOf([...steady, ...quiet]).rates.rows).toBe(0);
  });

  it('measure from the start while there is less than ten seconds, and over what lies between looks', () => {
    const worker = countingWorker('worker-1');
    worker.registry.add('RowsRead', 800);
    const first = reading(4, { fleet: fleetOf(worker.read()) });
    expect(viewOf([first]).rates.rows).toBe(200);
    worker.registry.add('RowsRead', 4000);
    // Nobody watched: the looks lie twenty seconds apart.
    expect(viewOf([first, reading(24, { fleet: fleetOf(worker.read()) })]).rates.rows).toBe(200);
  });

  it('add up workers, and lose nothing when one is started again', () => {
    const [one, two] = [countingWorker('worker-1', 1), countingWorker('worker-2', 2)];
    const born = countingWorker('worker-1', 3);
    one.registry.add('RowsRead', 300);
    two.registry.add('RowsRead', 500);
    const both = reading(1, { fleet: fleetOf(one.read(), two.read()) });
    const dead = reading(2, {
      fleet: fleetOf(one.read({ state: 'waiting', pid: undefined, snapshot: undefined }), two.read()),
    });
    born.registry.add('RowsRead', 200);
    const again = reading(3, { fleet: fleetOf(born.read(), two.read()) });
    expect(viewOf([both, dead, again]).rejects.rows).toBe(1000);
  });

  it('count a worker that did not answer by its next answer, once', () => {
    const worker = countingWorker('worker-1');
    worker.registry.add('RowsRead', 100);
    const told = reading(1, { fleet: fleetOf(worker.read()) });
    worker.registry.add('RowsRead', 50);
    const silent = reading(2, { fleet: fleetOf(worker.read({ snapshot: undefined })) });
    const back = reading(3, { fleet: fleetOf(worker.read()) });
    expect(viewOf([told, silent]).workers.list[0]?.state).toBe('silent');
    expect(viewOf([told, silent]).rejects.rows).toBe(100);
    expect(viewOf([told, silent, back]).rejects.rows).toBe(150);
    expect(viewOf([told, silent, back]).workers).toMatchObject({ ready: 1, list: [{ state: 'ready' }] });
  });

  it('keep as much as they need, however long the stack runs', () => {
    const worker = countingWorker('worker-1');
    const hours = seconds(2000).map((second) => reading(second, { fleet: fleetOf(worker.read()) }));
    const state = fold(hours);
    expect(state.history).toHaveLength(1800);
    expect(state.past.length).toBeLessThanOrEqual(LATENCY_SECONDS + 1);
    const withProcesses = state.past.filter(({ processes }) => processes.size > 0);
    expect(withProcesses.length).toBeLessThanOrEqual(PROCESS_SECONDS + 1);
    expect(state.latest.at - (state.past[0]?.at ?? 0)).toBe(LATENCY_SECONDS * 1000);
  });

  it('take the queues’ depths from the queue, not from workers that looked long ago', () => {
    const worker = countingWorker('worker-1');
    worker.registry.set('DeadLetterMessages', 3);
    const empty = viewOf([reading(1, { fleet: fleetOf(worker.read()) })]);
    expect(empty.alarms.find(({ name }) => name === 'DeadLetters')?.state).toBe('ok');
    const full = viewOf([reading(1, { queue: { ...EMPTY, dead: 1 } })]);
    expect(full.alarms[0]).toMatchObject({
      name: 'DeadLetters',
      state: 'alarm',
      value: '1',
      since: START + 1000,
    });
  });

  it('raise an old backlog though no worker tells of it', () => {
    const waits = seconds(16).map((minute) =>
      reading(minute * 60, { queue: { ...EMPTY, waiting: 5, oldestSeconds: 2000 + minute * 60 } }),
    );
    expect(viewOf(waits).alarms[0]).toMatchObject({ name: 'BacklogOld', severity: 'page', state: 'alarm' });
  });

  it('keep the endpoint’s counts apart, and count none twice when it was away', () => {
    const endpoint = createRegistry('endpoint');
    const answers = (count: number) => endpoint.add('Requests', count, { Route: 'grade', Status: '2xx' });
    const present = () => ({ endpoint: { address: 'http://127.0.0.1:1/', snapshot: endpoint.snapshot() } });
    answers(100);
    endpoint.observe('RequestTime', 0.004, { Route: 'grade' });
    const first = reading(1, present());
    answers(20);
    const later = [reading(2), reading(3, present())];
    const view = viewOf([first, ...later]);
    expect(view.endpoint).toMatchObject({ requestsPerSecond: 40, statuses: [{ status: '2xx', count: 120 }] });
    expect(view.endpoint?.latency?.p50).toBeLessThanOrEqual(0.005);
    expect(view.rejects.rows).toBe(0);
    expect(viewOf([first, reading(2)]).endpoint).toBeNull();
    expect(viewOf([first, reading(2)]).point).toMatchObject({ requests: null, requestP99: null });
  });
});
