/** The cluster: Fargate and Fargate Spot, with the metrics that scaling reads, and shells where they are allowed. */
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  Cluster,
  ContainerInsights,
  ExecuteCommandLogging,
  type FargateService,
  type FargateServiceProps,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { asCluster } from '../as-interface.ts';
import { acknowledgeWildcard } from '../grants.ts';
import { logGroupName, type StageNames } from '../names.ts';
import type { StageConfig, WorkerConfig } from '../stage-config.ts';

/** Name of the log of shells. */
const SHELLS = 'shells';

export interface StageClusterProps {
  readonly config: StageConfig;
  readonly names: StageNames;
  readonly vpc: IVpc;
}

export class StageCluster extends Construct {
  readonly cluster: ICluster;

  constructor(scope: Construct, id: string, { config, names, vpc }: StageClusterProps) {
    super(scope, id);
    if (config.isExecAllowed) {
      new LogGroup(this, 'ShellLog', {
        logGroupName: logGroupName(names, SHELLS),
        retention: config.logDays,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    }
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: names.prefix,
      vpc,
      enableFargateCapacityProviders: true,
      // DesiredTaskCount, by which the backlog is divided, is told here alone.
      containerInsightsV2: ContainerInsights.ENABLED,
      ...(config.isExecAllowed
        ? {
            executeCommandConfiguration: {
              logging: ExecuteCommandLogging.OVERRIDE,
              logConfiguration: {
                // By its name, so that what is granted on it is a text.
                cloudWatchLogGroup: LogGroup.fromLogGroupName(
                  this,
                  'NamedShellLog',
                  logGroupName(names, SHELLS),
                ),
              },
            },
          }
        : {}),
    });
    this.cluster = asCluster(cluster);
  }
}

/** On demand up to the base; beyond it Spot has its percents. What would have neither base nor weight is left out. */
export function spotCapacity({ onDemandBase, spotPercent }: WorkerConfig): CapacityProviderStrategy[] {
  const onDemand = { capacityProvider: 'FARGATE', base: onDemandBase, weight: 100 - spotPercent };
  const spot = { capacityProvider: 'FARGATE_SPOT', base: 0, weight: spotPercent };
  return [onDemand, spot].filter(({ base, weight }) => base > 0 || weight > 0);
}

export function execCommand({
  isExecAllowed,
}: StageConfig): Pick<FargateServiceProps, 'enableExecuteCommand'> {
  return isExecAllowed ? { enableExecuteCommand: true } : {};
}

/** What the library grants a task for shells: channels that know no resource, and the log of what is typed. */
export function acknowledgeExec(service: FargateService, names: StageNames): void {
  const { taskRole } = service.taskDefinition;
  acknowledgeWildcard(
    taskRole,
    '*',
    'The channels of a session, and the list of log groups, know no resource.',
  );
  const streams = `arn:${Stack.of(service).partition}:logs:${Stack.of(service).region}:${Aws.ACCOUNT_ID}:log-group:${logGroupName(names, SHELLS)}:*`;
  acknowledgeWildcard(taskRole, streams, 'Each shell has a stream of its own in the one log group.');
}
