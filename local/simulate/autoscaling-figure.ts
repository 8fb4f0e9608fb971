/** The six phases as three panels under one another: requests, tasks and processor, both clocks in each. */

import { EXACT, FONT_PIXELS, LEGEND, PLAIN_LABEL, panelTitle, VALUE_AXIS } from '../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../core/figures/figure.ts';
import { ACCENT, COLOURS, INK, LINE, MUTED } from '../../core/report/palette.ts';
import { CPU_TARGET_PERCENT, TASKS_MAX } from '../../core/scaling/policy.ts';
import type { Sample } from '../../core/scaling/simulate.ts';
import { PHASES_AND_TAIL, type TrafficCourse, type TrafficCourses } from './traffic-courses.ts';

const FAST = { name: 'fast clock', color: ACCENT } as const;
const AWS = { name: 'AWS’s clock', color: COLOURS.orange.light } as const;
type Style = typeof FAST | typeof AWS;

const TRAFFIC_PIXELS = 96;
const TASKS_PIXELS = 170;
const CPU_PIXELS = 130;
const TITLE_PIXELS = 26;
const GAP_PIXELS = 18;
const LEGEND_PIXELS = 30;
const AXIS_PIXELS = 44;

/** Drawn once in so many seconds, and wherever a number of tasks changes: a point each second would be 2,400. */
const CPU_STEP_SECONDS = 10;

export function autoscalingFigure({ fast, aws, own }: TrafficCourses): Figure {
  const ownTasks = Math.max(...own.phases.map(({ tasksMost }) => tasksMost));
  return {
    name: 'autoscaling',
    title: 'Tasks follow the traffic',
    basis: `One policy, simulated on two clocks, with a task that ${fast.requestsPerTask} requests a second keep fully busy. Our own endpoint stays at ${ownTasks}.`,
    description:
      `Three panels over 40 minutes. Requests go from 5 a second to 50, 200, 350, and back to 5 and 50. On the fast clock tasks go ` +
      `${tasksSentence(fast)}; on AWS’s clock, which sees each change some five minutes late, ${tasksSentence(aws)}. The ` +
      `processor is brought back to its target of ${CPU_TARGET_PERCENT} %.`,
    draw: (width) => draw(fast, aws, width),
  };
}

function tasksSentence({ phases }: TrafficCourse): string {
  return phases.map(({ tasksAtEnd }) => tasksAtEnd).join(', ');
}

function draw(fast: TrafficCourse, aws: TrafficCourse, width: number): Drawing {
  const left = isNarrow(width) ? 40 : 48;
  const right = 20;
  const tops = [LEGEND_PIXELS + TITLE_PIXELS];
  const heights = [TRAFFIC_PIXELS, TASKS_PIXELS, CPU_PIXELS];
  for (const height of heights) tops.push((tops.at(-1) ?? 0) + height + GAP_PIXELS + TITLE_PIXELS);
  const bottom = (tops[2] ?? 0) + CPU_PIXELS;
  const titles = ['Requests a second', 'Tasks', 'Processor of the running tasks'];
  const minutes = fast.samples.length / 60;
  return {
    height: bottom + AXIS_PIXELS,
    option: {
      legend: { ...LEGEND, icon: 'rect', itemWidth: 22, itemHeight: 3, data: [FAST.name, AWS.name] },
      title: titles.map((title, panel) => panelTitle(title, 0, (tops[panel] ?? 0) - TITLE_PIXELS + 2)),
      grid: heights.map((height, panel) => ({ ...EXACT, left, right, top: tops[panel] ?? 0, height })),
      xAxis: heights.map((_, panel) => timeAxis(panel, minutes, panel === heights.length - 1)),
      yAxis: [
        valueAxis(0, 400, 200, String),
        valueAxis(1, TASKS_MAX, 2, String),
        valueAxis(2, 100, 20, (value) => (value % 40 === 20 ? '' : `${value} %`)),
      ],
      series: [
        trafficSeries(),
        ...phaseLabels(),
        tasksSeries(AWS, aws.samples),
        tasksSeries(FAST, fast.samples),
        ...plateauLabels(AWS, aws.samples),
        ...plateauLabels(FAST, fast.samples),
        targetSeries(minutes),
        cpuSeries(AWS, aws.samples),
        cpuSeries(FAST, fast.samples),
        ...refusedLabels(aws),
      ],
    },
  };
}

function timeAxis(gridIndex: number, minutes: number, isNamed: boolean) {
  return {
    ...VALUE_AXIS,
    gridIndex,
    min: 0,
    max: minutes,
    interval: 5,
    axisLine: { show: true, onZero: false, lineStyle: { color: LINE } },
    splitLine: { show: false },
    // The end is no round number, and its label would press on the one before.
    axisLabel: { ...VALUE_AXIS.axisLabel, show: isNamed, showMaxLabel: false },
    ...(isNamed ? { name: 'minutes', nameGap: 26 } : {}),
  };
}

function valueAxis(gridIndex: number, max: number, interval: number, formatter: (value: number) => string) {
  return {
    ...VALUE_AXIS,
    gridIndex,
    min: 0,
    max,
    interval,
    axisLabel: { ...VALUE_AXIS.axisLabel, formatter },
  };
}

/** Begin and rate of each phase, the last once more at its end. */
function phaseEdges(): readonly (readonly [minute: number, rate: number])[] {
  let at = 0;
  const edges: (readonly [number, number])[] = [];
  for (const { seconds, rate } of PHASES_AND_TAIL) {
    edges.push([at / 60, rate]);
    at += seconds;
  }
  return [...edges, [at / 60, PHASES_AND_TAIL.at(-1)?.rate ?? 0]];
}

function trafficSeries() {
  return {
    type: 'line' as const,
    xAxisIndex: 0,
    yAxisIndex: 0,
    step: 'end' as const,
    symbol: 'none',
    color: MUTED,
    lineStyle: { color: MUTED, width: 1.5 },
    areaStyle: { color: MUTED, opacity: 0.14 },
    data: phaseEdges().map((edge) => [...edge]),
  };
}

/** Words in a panel at a point, such as above a line. */
function words(
  panel: number,
  at: readonly [minute: number, value: number],
  text: string,
  style: object = {},
) {
  return {
    type: 'scatter' as const,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbolSize: 0,
    silent: true,
    data: [[...at]],
    label: {
      ...PLAIN_LABEL,
      show: true,
      // Its own, or it would be as faint as marks are.
      opacity: 1,
      position: 'top' as const,
      distance: 4,
      color: INK,
      fontSize: FONT_PIXELS,
      formatter: () => text,
      ...style,
    },
  };
}

/** The rate above each phase, in its middle. */
function phaseLabels() {
  const edges = phaseEdges();
  // The tail has the rate of the phase before it.
  return edges.slice(0, -2).map(([minute, rate], index) => {
    const middle = (minute + (edges[index + 1]?.[0] ?? minute)) / 2;
    return words(0, [middle, rate], String(rate));
  });
}

/** Seconds that a number of tasks must last for its number to be written above it. */
const PLATEAU_SECONDS = 120;

function plateauLabels({ color }: Style, samples: readonly Sample[]) {
  const begins = samples.filter(({ at, running }) => at === 0 || running !== samples[at - 1]?.running);
  return begins.flatMap(({ at, running }, index) => {
    const end = begins[index + 1]?.at ?? samples.length;
    // That it is one at the begin and at the end is seen, and both lines lie there.
    if (end - at < PLATEAU_SECONDS || running === 1) return [];
    return [words(1, [(at + 3 * end) / 240, running], String(running), { color, fontWeight: 600 })];
  });
}

/** What the late clock costs, below the line of its full processor. */
function refusedLabels({ phases }: TrafficCourse) {
  let at = 0;
  return phases.flatMap(({ phase, refusedShare }) => {
    const middle = at + phase.seconds / 2;
    at += phase.seconds;
    if (refusedShare === 0) return [];
    const style = { color: AWS.color, position: 'bottom', distance: 9 };
    return [words(2, [middle / 60, 100], `${Math.round(100 * refusedShare)} % refused`, style)];
  });
}

function tasksSeries({ name, color }: Style, samples: readonly Sample[]) {
  const changes = samples.filter(
    ({ running }, index) =>
      index === 0 || index === samples.length - 1 || running !== samples[index - 1]?.running,
  );
  return {
    type: 'line' as const,
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    step: 'end' as const,
    symbol: 'none',
    color,
    lineStyle: { color, width: 2.5 },
    data: changes.map(({ at, running }) => [at / 60, running]),
  };
}

function targetSeries(minutes: number) {
  return {
    type: 'line' as const,
    xAxisIndex: 2,
    yAxisIndex: 2,
    symbol: 'none',
    lineStyle: { color: MUTED, width: 1.5, type: 'dashed' as const },
    data: [
      [0, CPU_TARGET_PERCENT],
      [minutes, CPU_TARGET_PERCENT],
    ],
    endLabel: {
      ...PLAIN_LABEL,
      show: true,
      color: MUTED,
      align: 'right' as const,
      offset: [-6, -9],
      formatter: () => `target ${CPU_TARGET_PERCENT} %`,
    },
  };
}

function cpuSeries({ name, color }: Style, samples: readonly Sample[]) {
  const drawn = samples.filter(({ at }) => at % CPU_STEP_SECONDS === 0);
  return {
    type: 'line' as const,
    name,
    xAxisIndex: 2,
    yAxisIndex: 2,
    step: 'end' as const,
    symbol: 'none',
    color,
    lineStyle: { color, width: 1.8 },
    data: drawn.map(({ at, readings }) => [at / 60, Number((readings['cpu-percent'] ?? 0).toFixed(1))]),
  };
}
