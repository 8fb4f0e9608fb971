import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MEASURED_RATES } from '../../../core/scaling/measured-rates.ts';
import { autoscalingFigure } from '../../../local/simulate/autoscaling-figure.ts';
import { burstCourse, burstCourses } from '../../../local/simulate/burst-courses.ts';
import { drawCourses } from '../../../local/simulate/draw-courses.ts';
import { readSimulateOptions } from '../../../local/simulate/options.ts';
import { renderBursts, renderTraffic } from '../../../local/simulate/render-courses.ts';
import { trafficCourses } from '../../../local/simulate/traffic-courses.ts';

const defaults = readSimulateOptions([]);
const courses = trafficCourses(defaults.requestsPerTask, defaults.ownRequestsPerTask);

describe('the figure of autoscaling', () => {
  it('is what the program draws (else: npm run simulate)', () => {
    const kept = readFileSync(new URL('../../../docs/figures/autoscaling.svg', import.meta.url), 'utf8');
    expect(drawCourses(courses)).toBe(kept);
  });

  it('tells who cannot see it what it shows', () => {
    expect(autoscalingFigure(courses).description).toContain(
      'On the fast clock tasks go 1, 1, 4, 7, 1, 1, 1;',
    );
  });

  it('has a layout for a phone', () => {
    expect(() => autoscalingFigure(courses).draw(358)).not.toThrow();
  });
});

describe('the tables', () => {
  const text = renderTraffic(courses);

  it('show each clock, and what our own endpoint needs', () => {
    expect(text).toContain(
      'Fast clock: metrics of 5 s, start-up 2 s, cooldown 5 s; a task of 130 requests/s',
    );
    expect(text).toContain(
      'AWS clock: metrics of 60 s, start-up 60 s, cooldown 120 s; a task of 130 requests/s',
    );
    expect(text).toContain('What our own endpoint needs for this traffic: 1 task.');
    expect(text).toMatch(/ 200 +5 min 00 s +1 to 4 +4 +22 s/);
  });

  it('say of a burst that is late what it waits for', () => {
    const lines = renderBursts(burstCourses(10_000_000, 60_000, 20_000)).split('\n');
    expect(lines[0]).toBe('A burst of 10,000,000 rows on AWS’s clock, to be graded within 10 min 00 s');
    expect(lines.filter((line) => line.endsWith('yes'))).toHaveLength(4);
    expect(lines.filter((line) => line.endsWith('no: the table takes 4,000 writes/s'))).toHaveLength(2);
    expect(renderBursts([])).toBe('');
  });
});

describe('a burst', () => {
  const question = { rows: 10_000_000, rowsPerSecond: 20_000, tasksMin: 0, tableWritesPerSecond: undefined };

  it('of ten million rows is graded within the acceptable latency by ten tasks at most, at the measured rates', () => {
    for (const tasksMin of [0, 1]) {
      const burst = burstCourse({
        ...question,
        tasksMin,
        rowsPerSecond: MEASURED_RATES.rowsWithTable.perSecond,
      });
      expect(burst).toMatchObject({ isInTime: true, reason: undefined });
      expect(burst.tasksMost).toBeLessThanOrEqual(10);
    }
  });

  it('names the bound that keeps it', () => {
    expect(burstCourse({ ...question, tableWritesPerSecond: 4000 }).reason).toBe(
      'the table takes 4,000 writes/s',
    );
    expect(burstCourse({ ...question, rows: 1e9 }).reason).toBe('10 tasks grade 400,000 rows/s');
    expect(burstCourse({ ...question, rowsPerSecond: 300, rows: 3_500_000 }).reason).toBe(
      'tasks beyond the first work only after 300 s',
    );
  });
});

describe('the options of the simulation', () => {
  it('are the measured rates by default', () => {
    expect(defaults).toMatchObject({
      requestsPerTask: 130,
      rows: 10_000_000,
      figure: 'docs/figures/autoscaling.svg',
    });
    expect(defaults.ownRequestsPerTask).toBe(MEASURED_RATES.requests.perSecond);
  });

  it('can be given, and draw nothing', () => {
    const args = [
      '--capacity',
      '200',
      '--own',
      '9000',
      '--rows',
      '5',
      '--rate',
      '6',
      '--table-rate',
      '7',
      '--figure',
      'none',
      '--json',
    ];
    expect(readSimulateOptions(args)).toEqual({
      isHelp: false,
      isJson: true,
      requestsPerTask: 200,
      ownRequestsPerTask: 9000,
      rows: 5,
      rowsPerSecond: 6,
      rowsPerSecondWithTable: 7,
      figure: undefined,
    });
    expect(() => readSimulateOptions(['--capacity', '0'])).toThrow('--capacity is "0"');
  });
});
