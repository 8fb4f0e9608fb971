/** The trainer: one task that fetches exports, trains, publishes, and ends; on demand, and by a schedule where there is one. */
import { Aws, CfnOutput, Fn } from 'aws-cdk-lib';
import type { ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { TASK_SIZES } from '../../core/scaling/task-sizes.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { allow } from '../grants.ts';
import type { StageNames } from '../names.ts';
import { trainerPermissions } from '../permissions.ts';
import { TRAINER_COMMAND, TRAINER_ENVIRONMENT } from '../programs.ts';
import type { StageConfig } from '../stage-config.ts';
import type { Network } from './network.ts';
import { ProgramTask } from './program-task.ts';

export interface TrainerTaskProps {
  readonly config: StageConfig;
  readonly names: StageNames;
  readonly cluster: ICluster;
  readonly network: Network;
  readonly image: ContainerImage;
}

/** Where it fetches to and trains in; the rest of its file system is read-only. */
const WORK_FOLDER = '/work';
/** An export, the dataset made of it, and the matrix. */
const DISK_GIB = 60;
const STOP_TIMEOUT_SECONDS = 30;

export class TrainerTask extends Construct {
  constructor(scope: Construct, id: string, props: TrainerTaskProps) {
    super(scope, id);
    const { config, names, network } = props;
    const task = new ProgramTask(this, 'Task', {
      config,
      names,
      program: 'trainer',
      image: props.image,
      size: TASK_SIZES.trainer,
      command: TRAINER_COMMAND,
      environment: {
        [ENVIRONMENT.modelBucket]: names.modelBucket,
        [TRAINER_ENVIRONMENT.sources]: config.trainer.sources.join(' '),
        [TRAINER_ENVIRONMENT.promote]: config.trainer.isPromoting ? 'yes' : 'no',
        [TRAINER_ENVIRONMENT.folder]: WORK_FOLDER,
      },
      permissions: trainerPermissions(names, config),
      stopSeconds: STOP_TIMEOUT_SECONDS,
      writableFolders: [WORK_FOLDER, '/tmp'],
      diskGib: DISK_GIB,
    });
    const group = network.outboundGroup('TrainerGroup', 'Trainer: outbound only');
    const subnets = network.vpc.selectSubnets(network.tasks.subnets).subnetIds;
    new CfnOutput(this, 'Run', {
      description: 'Trains now',
      value: `aws ecs run-task --cluster ${names.prefix} --task-definition ${names.prefix}-trainer --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[${Fn.join(',', subnets)}],securityGroups=[${group.securityGroupId}],assignPublicIp=${assignPublicIp(network)}}'`,
    });
    if (config.trainer.schedule !== undefined) {
      this.#schedule(props, task, {
        schedule: config.trainer.schedule,
        subnets,
        group: group.securityGroupId,
      });
    }
  }

  /** By the resource itself: the library's target would let the schedule run every revision of the task. */
  #schedule(
    { names, cluster, network }: TrainerTaskProps,
    { definition, taskRole }: ProgramTask,
    {
      schedule,
      subnets,
      group,
    }: { readonly schedule: string; readonly subnets: string[]; readonly group: string },
  ): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Starts the trainer of ${names.prefix}`,
    });
    allow(role, [{ sid: 'RunTrainer', actions: ['ecs:RunTask'], resources: [definition.taskDefinitionArn] }]);
    role.addToPolicy(
      new PolicyStatement({
        sid: 'GiveRoles',
        actions: ['iam:PassRole'],
        resources: [taskRole.roleArn, definition.obtainExecutionRole().roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    );
    new CfnSchedule(this, 'Schedule', {
      name: `${names.prefix}-trainer`,
      scheduleExpression: schedule,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 60 },
      target: {
        arn: cluster.clusterArn,
        roleArn: role.roleArn,
        ecsParameters: {
          taskDefinitionArn: definition.taskDefinitionArn,
          launchType: 'FARGATE',
          taskCount: 1,
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets,
              securityGroups: [group],
              assignPublicIp: assignPublicIp(network),
            },
          },
        },
        // A training that could not start is tried again for an hour; one that failed is not.
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      },
    });
  }
}

function assignPublicIp({ tasks }: Network): 'ENABLED' | 'DISABLED' {
  return tasks.assignPublicIp ? 'ENABLED' : 'DISABLED';
}
