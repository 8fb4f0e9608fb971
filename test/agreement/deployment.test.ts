/** The AWS template against what the rest of the project says: scaling, alarms, metrics, datasets, tables, settings. */
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { GRADES_COLUMNS, REJECTS_COLUMNS } from '../../cdk/constructs/catalog.ts';
import { textColumn } from '../../core/items/item-columns.ts';
import { writeGrades } from '../../core/parquet/write-grades.ts';
import { writeRejects } from '../../core/parquet/write-rejects.ts';
import {
  cloudWatchTarget,
  endpointPolicy,
  PROFILES,
  type ScalingPolicy,
  workerPolicy,
} from '../../core/scaling/policy.ts';
import { SHARD_ROWS, workerSize } from '../../core/scaling/task-sizes.ts';
import { TABLES } from '../../local/stack/provision.ts';
import { ALARM_NAMES, type Alarm, alarmOf } from '../../schemas/alarms.ts';
import { METRIC_NAMES, metricDefinition } from '../../schemas/metrics.ts';
import { PREFIXES, RESOURCES } from '../../schemas/names.ts';
import { readConfig } from '../../worker/config.ts';
import { FULL, resourcesOf, stageOf, synthesise, type Templates } from '../cdk/stages.ts';
import { queryRows } from '../core/parquet/parquet-files.ts';
import { REQUIRED } from '../faults/fuzz/required-settings.ts';

let templates: Templates;
beforeAll(() => {
  templates = synthesise(FULL);
});

describe('scaling in the template', () => {
  interface Tracking {
    readonly TargetValue: number;
    readonly ScaleInCooldown: number;
    readonly ScaleOutCooldown: number;
    readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
    readonly CustomizedMetricSpecification?: {
      readonly Metrics: readonly { readonly Expression?: string }[];
    };
  }

  const trackings = (of: Templates): readonly Tracking[] =>
    resourcesOf(of, 'AWS::ApplicationAutoScaling::ScalingPolicy').flatMap(
      ([, { Properties }]) =>
        (Properties['TargetTrackingScalingPolicyConfiguration'] as Tracking | undefined) ?? [],
    );
  const numbersOf = ({ targets, scaleInCooldownSeconds, scaleOutCooldownSeconds }: ScalingPolicy) =>
    targets.map((target) => ({
      TargetValue: cloudWatchTarget(target),
      ScaleInCooldown: scaleInCooldownSeconds,
      ScaleOutCooldown: scaleOutCooldownSeconds,
    }));
  const numbers = ({ TargetValue, ScaleInCooldown, ScaleOutCooldown }: Tracking) => ({
    TargetValue,
    ScaleInCooldown,
    ScaleOutCooldown,
  });

  it('has the numbers of the policy, in production', () => {
    const policies = [
      workerPolicy(PROFILES.production, workerSize(), { tasksMin: 1, tasksMax: 10 }),
      endpointPolicy(PROFILES.production, { tasksMin: 2, tasksMax: 10 }),
    ];
    expect(trackings(templates).map(numbers)).toEqual(policies.flatMap(numbersOf));
    const ranges = resourcesOf(templates, 'AWS::ApplicationAutoScaling::ScalableTarget').map(
      ([, { Properties }]) => ({
        tasksMin: Properties['MinCapacity'],
        tasksMax: Properties['MaxCapacity'],
      }),
    );
    expect(ranges).toEqual(policies.map(({ tasksMin, tasksMax }) => ({ tasksMin, tasksMax })));
  });

  it('has those of the demo profile in the demo', () => {
    const policy = workerPolicy(PROFILES.demo, workerSize(), { tasksMin: 1, tasksMax: 10 });
    expect(trackings(synthesise(stageOf('demo'))).map(numbers)).toEqual(numbersOf(policy));
  });

  it('follows the metric that the policy names: the backlog by desired tasks, the processor, the requests', () => {
    const [backlog, processor, requests] = trackings(templates);
    expect(backlog?.CustomizedMetricSpecification?.Metrics.at(-1)?.Expression).toBe(
      '(visible + taken) / IF(FILL(desired, 0) < 1, 1, FILL(desired, 0))',
    );
    expect(processor?.PredefinedMetricSpecification?.PredefinedMetricType).toBe(
      'ECSServiceAverageCPUUtilization',
    );
    expect(requests?.PredefinedMetricSpecification?.PredefinedMetricType).toBe('ALBRequestCountPerTarget');
    expect(requests?.TargetValue).toBe(24_000);
  });

  it('wakes workers from zero by one step', () => {
    templates.service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ExactCapacity',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    templates.service.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'nutrisage-production-worker-Wake',
      Threshold: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(visible > 0 AND FILL(desired, 0) < 1, 1, 0)' }),
      ]),
    });
  });
});

describe('alarms in the template', () => {
  const alarms = (of: Templates) =>
    resourcesOf(of, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  it('are those of the table, each with its numbers', () => {
    for (const name of ALARM_NAMES) {
      const alarm: Alarm = alarmOf(name);
      const found = alarms(templates).find(({ AlarmName }) => AlarmName === `nutrisage-production-${name}`);
      expect(found, name).toMatchObject({
        Threshold: alarm.threshold,
        ComparisonOperator: alarm.comparison,
        EvaluationPeriods: alarm.periods,
        DatapointsToAlarm: alarm.datapoints,
        TreatMissingData: alarm.missing,
      });
      expect(JSON.stringify(found), name).toContain(`"Period":${alarm.periodSeconds}`);
    }
    // And the one that wakes.
    expect(alarms(templates)).toHaveLength(ALARM_NAMES.length + 1);
  });

  it('each do something, and link a heading of the runbook', () => {
    const headings = ALARM_NAMES.map((name) => alarmOf(name).heading.toLowerCase().replaceAll(' ', '-'));
    for (const { AlarmName, AlarmDescription, AlarmActions } of alarms(templates)) {
      const name = String(AlarmName);
      expect(AlarmActions, name).toHaveLength(1);
      const link = /https:\/\/example\.org\/docs\/runbook\.md#(\S+)$/.exec(String(AlarmDescription));
      expect(headings, name).toContain(link?.[1]);
    }
  });

  it('tell the topic of their severity, when they are raised and when they are cleared', () => {
    for (const name of ALARM_NAMES) {
      const found = alarms(templates).find(({ AlarmName }) => AlarmName === `nutrisage-production-${name}`);
      const topic = JSON.stringify(found?.['AlarmActions']);
      expect(topic, name).toContain(`:nutrisage-production-${alarmOf(name).severity}"`);
      expect(JSON.stringify(found?.['OKActions'])).toBe(topic);
    }
  });

  it('are of metrics as the programs send them', () => {
    for (const name of ALARM_NAMES) {
      const { signal, program } = alarmOf(name);
      const text = JSON.stringify(
        alarms(templates).find(({ AlarmName }) => AlarmName === `nutrisage-production-${name}`),
      );
      for (const metric of signal.kind === 'metric' ? [signal.metric] : [signal.of, signal.among]) {
        const { aws } = metricDefinition(metric);
        expect(text).toContain(`"MetricName":"${aws?.name ?? metric}"`);
        expect(text).toContain(`"Namespace":"${aws?.namespace ?? 'NutriSage/production'}"`);
        if (aws === undefined) expect(text).toContain(`{"Name":"Service","Value":"${program}"}`);
      }
    }
  });

  it('without an endpoint are those of the workers alone', () => {
    const names = alarms(synthesise(stageOf('dev'))).map(({ AlarmName }) => String(AlarmName));
    expect(names.filter((name) => name.includes('Endpoint'))).toEqual([]);
    expect(names).toHaveLength(ALARM_NAMES.filter((name) => alarmOf(name).program !== 'endpoint').length + 1);
  });
});

describe('the dashboard', () => {
  it('shows processor, latency, errors, backlog, age, dead letters, drift, agreement and rejects', () => {
    const [dashboard] = resourcesOf(templates, 'AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.[1].Properties['DashboardBody']).replaceAll('\\', '');
    for (const metric of [
      ...[
        'CPUUtilization',
        'RequestTime',
        'RequestErrors',
        'BacklogMessages',
        'ApproximateAgeOfOldestMessage',
      ],
      ...['DeadLetterMessages', 'DriftingFeatures', 'RowsAgreed', 'RowsRejected'],
    ])
      expect(body).toContain(`"${metric}"`);
    const ofOurs = [...body.matchAll(/"NutriSage\/production","(\w+)"/g)].map(([, name]) => name);
    expect(ofOurs.length).toBeGreaterThan(15);
    for (const name of ofOurs) expect(METRIC_NAMES).toContain(name);
  });
});

describe('tables for Athena', () => {
  const ATHENA: Readonly<Record<string, string>> = {
    VARCHAR: 'string',
    BIGINT: 'bigint',
    INTEGER: 'int',
    FLOAT: 'float',
  };
  const typesOf = async (bytes: Uint8Array): Promise<Record<string, string | undefined>> => {
    const columns = await queryRows(`DESCRIBE SELECT * FROM 'part.parquet'`, { 'part.parquet': bytes });
    return Object.fromEntries(
      columns.map((column) => [column['column_name'], ATHENA[String(column['column_type'])]]),
    );
  };
  const one = { rowCount: 1, codes: textColumn(['1']), rowNumbers: Float64Array.of(0) };

  it('have the columns of the grades that are written, in their order and types', async () => {
    const grades = writeGrades(
      {
        ...one,
        grade: Uint8Array.of(0),
        source: Uint8Array.of(0),
        officialStatus: Uint8Array.of(1),
        officialGrade: Uint8Array.of(0),
        officialScore: Int8Array.of(1),
        modelGrade: Uint8Array.of(0),
        probabilities: new Float32Array(5),
        warnings: Uint32Array.of(0),
        modelVersion: '0123456789abcdef',
      },
      [],
    );
    expect(Object.entries(await typesOf(grades))).toEqual(Object.entries(GRADES_COLUMNS));
  });

  it('have the columns of the rejects that are written', async () => {
    const rejects = writeRejects({ ...one, reasons: Uint32Array.of(1), values: textColumn(['{}']) }, [
      'code-missing',
    ]);
    expect(Object.entries(await typesOf(rejects))).toEqual(Object.entries(REJECTS_COLUMNS));
  });

  it('find the days where the worker puts them', () => {
    for (const dataset of ['grades', 'rejects'] as const) {
      templates.data.hasResourceProperties('AWS::Glue::Table', {
        TableInput: Match.objectLike({
          Name: dataset,
          PartitionKeys: [{ Name: 'date', Type: 'string' }],
          Parameters: Match.objectLike({
            'projection.enabled': 'true',
            'storage.location.template': {
              'Fn::Join': [
                '',
                Match.arrayWith([Match.stringLikeRegexp(`/${PREFIXES[dataset]}date=\\$\\{date\\}/$`)]),
              ],
            },
          }),
        }),
      });
    }
  });
});

describe('tables of DynamoDB', () => {
  it.each([RESOURCES.gradesTable, RESOURCES.jobsTable])(
    '%s has the keys and indexes of the embedded stack',
    (name) => {
      const local = TABLES.find(({ TableName }) => TableName === name);
      const aws = resourcesOf(templates, 'AWS::DynamoDB::Table').find(
        ([, { Properties }]) => Properties['TableName'] === `${name}-production`,
      )?.[1].Properties;
      const sorted = (attributes: unknown) =>
        (attributes as readonly { AttributeName: string }[]).toSorted((a, b) =>
          a.AttributeName < b.AttributeName ? -1 : 1,
        );
      expect(aws?.['KeySchema']).toEqual(local?.KeySchema);
      expect(sorted(aws?.['AttributeDefinitions'])).toEqual(sorted(local?.AttributeDefinitions));
      expect(aws?.['GlobalSecondaryIndexes']).toEqual(local?.GlobalSecondaryIndexes);
    },
  );
});

describe('the size of a shard', () => {
  it('is the worker’s own where nothing is set', () => {
    expect(readConfig(REQUIRED, 1).shardRows).toBe(SHARD_ROWS);
  });
});
