/** Alarms of CloudWatch from the table of alarms (schemas/alarms.ts): each tells its topic, and links its heading in the runbook. */
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ALARM_NAMES, type AlarmName, alarmOf, type Alarm as TableAlarm } from '../../schemas/alarms.ts';
import type { MetricProgram } from '../../schemas/metrics.ts';
import { type StageNames, topicArn, topicName } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';
import { signalMetric } from './table-metrics.ts';

export interface TableAlarmsProps {
  /** Of which program the alarms are. */
  readonly program: MetricProgram;
  readonly config: StageConfig;
  readonly names: StageNames;
}

const COMPARISONS: Readonly<Record<TableAlarm['comparison'], ComparisonOperator>> = {
  GreaterThanThreshold: ComparisonOperator.GREATER_THAN_THRESHOLD,
  GreaterThanOrEqualToThreshold: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
};
const MISSING: Readonly<Record<TableAlarm['missing'], TreatMissingData>> = {
  notBreaching: TreatMissingData.NOT_BREACHING,
  breaching: TreatMissingData.BREACHING,
  ignore: TreatMissingData.IGNORE,
};

export class TableAlarms extends Construct {
  constructor(scope: Construct, id: string, props: TableAlarmsProps) {
    super(scope, id);
    for (const name of ALARM_NAMES.filter((one) => alarmOf(one).program === props.program))
      this.#alarm(name, props);
  }

  #alarm(name: AlarmName, { config, names }: TableAlarmsProps): void {
    const { signal, program, periodSeconds, severity, sentence, heading, ...rule } = alarmOf(name);
    const alarm = new Alarm(this, name, {
      alarmName: alarmName(names, name),
      alarmDescription: `${sentence} ${runbookLink(config.runbookUrl, heading)}`,
      metric: signalMetric(names, signal, program, periodSeconds),
      threshold: rule.threshold,
      comparisonOperator: COMPARISONS[rule.comparison],
      evaluationPeriods: rule.periods,
      datapointsToAlarm: rule.datapoints,
      treatMissingData: MISSING[rule.missing],
    });
    const topic = Topic.fromTopicArn(this, `${name}Topic`, topicArn(topicName(names, severity)));
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

/** Literal, so that a service may name the alarm that stops its deployment without a cycle. */
export function alarmName(names: StageNames, name: AlarmName): string {
  return `${names.prefix}-${name}`;
}

/** A heading as GitHub links it. */
export function runbookLink(runbookUrl: string, heading: string): string {
  return `${runbookUrl}#${heading.toLowerCase().replaceAll(' ', '-')}`;
}
