/** How fast autoscaling sees and acts: as Application Auto Scaling does it on AWS, and as the local fleet does. */

export interface ScalingClock {
  readonly name: 'aws' | 'fast';
  /** One value of a metric covers so long. */
  readonly metricSeconds: number;
  /** From the end of a period until its value is seen. */
  readonly metricDelaySeconds: number;
  /** So many values in a row above the target raise the alarm that adds tasks. */
  readonly highDatapoints: number;
  /** So many in a row below `lowShare` of the target raise the one that removes tasks. */
  readonly lowDatapoints: number;
  readonly lowShare: number;
  /** From the wish for a task until it works. */
  readonly startUpSeconds: number;
}

/**
 * The guide says neither periods nor counts. These are what people find on the alarms that it makes ("period for alarm rule
 * is always 1 minute and 3 out of 3 datapoints for scale out rule and 15 out of 15 for scale in":
 * github.com/aws/containers-roadmap/issues/1208). It does say that tasks are removed once the metric is "usually more
 * than 10 %" below the target: docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html.
 */
const ALARMS = { highDatapoints: 3, lowDatapoints: 15, lowShare: 0.9 } as const;

export const CLOCKS = {
  /** Start-up is that of a Fargate task that pulls an image of this size: assumed, and to be seen in the service's events. */
  aws: { name: 'aws', metricSeconds: 60, metricDelaySeconds: 60, ...ALARMS, startUpSeconds: 60 },
  fast: { name: 'fast', metricSeconds: 5, metricDelaySeconds: 0, ...ALARMS, startUpSeconds: 2 },
} as const satisfies Record<string, ScalingClock>;

/** From the first second of too much work until more tasks work on it, in seconds. */
export function reactionSeconds(clock: ScalingClock): number {
  return clock.metricDelaySeconds + clock.highDatapoints * clock.metricSeconds + clock.startUpSeconds;
}
