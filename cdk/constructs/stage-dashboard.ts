/** One dashboard for a stage: the state of its alarms, and the graphs of dashboard-graphs.ts. */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ALARM_NAMES, alarmOf } from '../../schemas/alarms.ts';
import type { MetricName } from '../../schemas/metrics.ts';
import type { StageNames } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';
import { ENDPOINT_GRAPHS, type Graph, type Line, WORKER_GRAPHS } from './dashboard-graphs.ts';
import { alarmName } from './table-alarms.ts';
import { tableMetric } from './table-metrics.ts';

export interface StageDashboardProps {
  readonly config: StageConfig;
  readonly names: StageNames;
}

/** Of the grid's 24 columns. */
const WIDTH = 24;
const GRAPHS_A_ROW = 3;
const MINUTE_SECONDS = 60;

export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, names }: StageDashboardProps) {
    super(scope, id);
    const hasEndpoint = config.endpoint !== undefined;
    const rows = [...WORKER_GRAPHS, ...(hasEndpoint ? ENDPOINT_GRAPHS : [])];
    new Dashboard(this, 'Dashboard', {
      dashboardName: names.prefix,
      defaultInterval: Duration.hours(6),
      widgets: [
        [this.#alarmStates(names, hasEndpoint)],
        ...rows.map((graphs) => graphs.map((graph) => graphWidget(graph, names))),
      ],
    });
  }

  #alarmStates(names: StageNames, hasEndpoint: boolean): IWidget {
    const shown = ALARM_NAMES.filter((name) => hasEndpoint || alarmOf(name).program !== 'endpoint');
    return new AlarmStatusWidget({
      title: 'Alarms',
      width: WIDTH,
      height: 4,
      alarms: shown.map((name) => Alarm.fromAlarmName(this, name, alarmName(names, name))),
    });
  }
}

function graphWidget({ title, program, unit, lines }: Graph, names: StageNames): IWidget {
  return new GraphWidget({
    title,
    width: WIDTH / GRAPHS_A_ROW,
    height: 6,
    leftYAxis: { label: unit, showUnits: false, min: 0 },
    left: lines.map((line) => lineMetric(line, program, names)),
  });
}

function lineMetric(line: Line, program: Graph['program'], names: StageNames): IMetric {
  const period = Duration.seconds(MINUTE_SECONDS);
  const ofTable = { program, periodSeconds: MINUTE_SECONDS };
  switch (line.kind) {
    case 'metric': {
      const { metric, statistic, labels = {}, name } = line;
      return tableMetric(names, metric, { ...ofTable, statistic, labels }).with({ label: name });
    }
    case 'share': {
      const sum = (name: MetricName) => tableMetric(names, name, { ...ofTable, statistic: 'Sum' });
      const [part, among] = [metricId(line.of), metricId(line.among)];
      const usingMetrics = { [part]: sum(line.of), [among]: sum(line.among) };
      const expression = `100 * ${part} / ${among}`;
      return new MathExpression({ expression, usingMetrics, period, label: line.name });
    }
    case 'ecs': {
      const serviceName = program === 'endpoint' ? names.endpointService : names.workerService;
      return new Metric({
        namespace: line.namespace,
        metricName: line.metric,
        dimensionsMap: { ClusterName: names.prefix, ServiceName: serviceName },
        statistic: 'Average',
        period,
        label: line.name,
      });
    }
    case 'table':
      return new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: line.metric,
        dimensionsMap: { TableName: names.gradesTable },
        statistic: 'Sum',
        period,
        label: line.name,
      });
    default:
      return line satisfies never;
  }
}

/** Within a graph the same metric must have the same id, and another one another; it begins with a small letter. */
function metricId(name: MetricName): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
