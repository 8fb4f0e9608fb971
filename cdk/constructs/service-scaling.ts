/** The scaling policy (core/scaling) as Application Auto Scaling has it. */
import { Duration } from 'aws-cdk-lib';
import {
  AdjustmentType,
  CfnScalingPolicy,
  MetricAggregationType,
  type ScalableTarget,
  StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { cloudWatchTarget, type ScalingPolicy, type TargetTracking } from '../../core/scaling/policy.ts';

export interface ServiceScalingProps {
  readonly service: FargateService;
  readonly policy: ScalingPolicy;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Whose messages are the backlog; needed where the policy follows one. */
  readonly queueName?: string;
  /** Whose requests are counted; needed where the policy follows them. */
  readonly targetGroup?: ApplicationTargetGroup;
  /** Said in the wake alarm: what somebody who finds it should read. */
  readonly runbookLink: string;
}

const MINUTE = Duration.minutes(1);

export class ServiceScaling extends Construct {
  readonly #props: ServiceScalingProps;
  readonly #tasks: ScalableTaskCount;

  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    this.#props = props;
    const { service, policy } = props;
    this.#tasks = service.autoScaleTaskCount({ minCapacity: policy.tasksMin, maxCapacity: policy.tasksMax });
    for (const tracking of policy.targets) this.#track(tracking);
    if (policy.wakeTasks > 0) this.#wake(policy.wakeTasks);
  }

  #track(tracking: TargetTracking): void {
    const { policy, targetGroup } = this.#props;
    const cooldowns = {
      scaleOutCooldown: Duration.seconds(policy.scaleOutCooldownSeconds),
      scaleInCooldown: Duration.seconds(policy.scaleInCooldownSeconds),
    };
    switch (tracking.metric) {
      case 'cpu-percent':
        this.#tasks.scaleOnCpuUtilization('Cpu', {
          targetUtilizationPercent: cloudWatchTarget(tracking),
          ...cooldowns,
        });
        return;
      case 'requests-per-task':
        if (targetGroup === undefined)
          throw new Error('Requests are followed, but no target group is given.');
        this.#tasks.scaleOnRequestCount('Requests', {
          requestsPerTarget: cloudWatchTarget(tracking),
          targetGroup,
          ...cooldowns,
        });
        return;
      case 'backlog-per-task':
        this.#trackBacklog(tracking);
        return;
      default:
        tracking.metric satisfies never;
    }
  }

  /** By the resource itself: the library's `scaleToTrackCustomMetric` refuses arithmetic of metrics. */
  #trackBacklog(tracking: TargetTracking): void {
    const { policy } = this.#props;
    const query = (id: string, metric: Metric, stat: string) => ({
      id,
      returnData: false,
      metricStat: {
        metric: {
          namespace: metric.namespace,
          metricName: metric.metricName,
          dimensions: Object.entries(metric.dimensions ?? {}).map(([name, value]) => ({ name, value })),
        },
        stat,
      },
    });
    new CfnScalingPolicy(this, 'Backlog', {
      policyName: 'Backlog',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: this.#target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: cloudWatchTarget(tracking),
        scaleOutCooldown: policy.scaleOutCooldownSeconds,
        scaleInCooldown: policy.scaleInCooldownSeconds,
        customizedMetricSpecification: {
          metrics: [
            query('visible', this.#queueMetric('ApproximateNumberOfMessagesVisible'), 'Average'),
            query('taken', this.#queueMetric('ApproximateNumberOfMessagesNotVisible'), 'Average'),
            query('desired', this.#desired(), 'Average'),
            {
              id: 'backlogPerTask',
              label: 'Messages, waiting and in flight, per desired task',
              expression: '(visible + taken) / IF(FILL(desired, 0) < 1, 1, FILL(desired, 0))',
              returnData: true,
            },
          ],
        },
      },
    });
  }

  /** As soon as anything waits and no task is desired; what has no tasks has no metric to track. */
  #wake(tasks: number): void {
    const { policy, serviceName, runbookLink } = this.#props;
    const action = new StepScalingAction(this, 'WakeAction', {
      scalingTarget: this.#target,
      policyName: 'Wake',
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      cooldown: Duration.seconds(policy.scaleOutCooldownSeconds),
    });
    action.addAdjustment({ adjustment: tasks, lowerBound: 0 });
    const alarm = new Alarm(this, 'Wake', {
      alarmName: `${serviceName}-Wake`,
      alarmDescription: `Messages wait and no task is desired: starts ${tasks}, and tells nobody. ${runbookLink}`,
      metric: new MathExpression({
        expression: 'IF(visible > 0 AND FILL(desired, 0) < 1, 1, 0)',
        usingMetrics: {
          visible: this.#queueMetric('ApproximateNumberOfMessagesVisible'),
          desired: this.#desired(),
        },
        period: MINUTE,
        label: 'Work, and nobody to do it',
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new ApplicationScalingAction(action));
  }

  #queueMetric(metricName: string): Metric {
    const { queueName } = this.#props;
    if (queueName === undefined) throw new Error('A backlog is followed, but no queue is given.');
    return new Metric({
      namespace: 'AWS/SQS',
      metricName,
      dimensionsMap: { QueueName: queueName },
      statistic: 'Average',
      period: MINUTE,
    });
  }

  /** Of Container Insights: what is free tells of running tasks alone, and of none nothing. */
  #desired(): Metric {
    const { clusterName, serviceName } = this.#props;
    return new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'DesiredTaskCount',
      dimensionsMap: { ClusterName: clusterName, ServiceName: serviceName },
      statistic: 'Average',
      period: MINUTE,
    });
  }

  /** What the library made of `autoScaleTaskCount`; a target of one's own would bring a role of its own. */
  get #target(): ScalableTarget {
    return this.#props.service.node.findChild('TaskCount').node.findChild('Target') as ScalableTarget;
  }
}
