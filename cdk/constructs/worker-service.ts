/** The workers: a service without inbound traffic that follows the queue, mostly on Spot. */
import type { ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { PROFILES, workerPolicy } from '../../core/scaling/policy.ts';
import {
  SHARD_ROWS,
  TASK_SIZES,
  visibilitySeconds,
  WORKER_THREADS,
  workerSize,
} from '../../core/scaling/task-sizes.ts';
import { alarmOf } from '../../schemas/alarms.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { queueUrl, type StageNames } from '../names.ts';
import { workerPermissions } from '../permissions.ts';
import { WORKER_COMMAND, WORKER_PROGRAM } from '../programs.ts';
import type { StageConfig } from '../stage-config.ts';
import { acknowledgeExec, execCommand, spotCapacity } from './cluster.ts';
import type { Network } from './network.ts';
import { ProgramTask } from './program-task.ts';
import { ServiceScaling } from './service-scaling.ts';
import { runbookLink, TableAlarms } from './table-alarms.ts';

export interface WorkerServiceProps {
  readonly config: StageConfig;
  readonly names: StageNames;
  readonly cluster: ICluster;
  readonly network: Network;
  readonly image: ContainerImage;
}

/** Deliveries of a message until it is given up: by the queue, and by the worker, which buries it with the reason. */
export const RECEIVES_MAX = 5;
/** The most that ECS allows; Spot gives as much. */
const STOP_TIMEOUT_SECONDS = 120;
/** From SIGTERM until unfinished shards are released: what is left is for the release itself. */
const RELEASE_AFTER_SECONDS = 100;

export class WorkerService extends Construct {
  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const { config, names, cluster, network, image } = props;
    const { tasksMin, tasksMax } = config.worker;
    const task = new ProgramTask(this, 'Task', {
      config,
      names,
      program: 'worker',
      image,
      size: TASK_SIZES.worker,
      command: WORKER_COMMAND,
      health: WORKER_PROGRAM,
      environment: workerEnvironment(config, names),
      permissions: workerPermissions(names, config),
      stopSeconds: STOP_TIMEOUT_SECONDS,
    });
    const service = new FargateService(this, 'Service', {
      serviceName: names.workerService,
      cluster,
      taskDefinition: task.definition,
      capacityProviderStrategies: spotCapacity(config.worker),
      vpcSubnets: network.tasks.subnets,
      assignPublicIp: network.tasks.assignPublicIp,
      securityGroups: [network.outboundGroup('WorkerGroup', 'Workers: outbound only')],
      // No number of tasks: it would be set back at each deployment.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      ...execCommand(config),
    });
    if (config.isExecAllowed) acknowledgeExec(service, names);
    // The service may come before the cluster knows its capacity providers.
    service.node.addDependency(cluster);
    new ServiceScaling(this, 'Scaling', {
      service,
      policy: workerPolicy(PROFILES[config.profile], workerSize(), { tasksMin, tasksMax }),
      clusterName: names.prefix,
      serviceName: names.workerService,
      queueName: names.jobsQueue,
      runbookLink: runbookLink(config.runbookUrl, alarmOf('BacklogOld').heading),
    });
    new TableAlarms(this, 'Alarms', { program: 'worker', config, names });
  }
}

function workerEnvironment(config: StageConfig, names: StageNames): Readonly<Record<string, string>> {
  return {
    [ENVIRONMENT.jobsQueueUrl]: queueUrl(names.jobsQueue),
    [ENVIRONMENT.deadLetterQueueUrl]: queueUrl(names.deadLetterQueue),
    [ENVIRONMENT.dataBucket]: names.dataBucket,
    [ENVIRONMENT.modelBucket]: names.modelBucket,
    ...(config.worker.isTableWritten ? { [ENVIRONMENT.gradesTable]: names.gradesTable } : {}),
    [ENVIRONMENT.jobsTable]: names.jobsTable,
    [ENVIRONMENT.threads]: String(WORKER_THREADS),
    [ENVIRONMENT.shardRows]: String(SHARD_ROWS),
    [ENVIRONMENT.visibilitySeconds]: String(visibilitySeconds(workerSize())),
    [ENVIRONMENT.receivesMax]: String(RECEIVES_MAX),
    [ENVIRONMENT.stopSeconds]: String(RELEASE_AFTER_SECONDS),
    [ENVIRONMENT.retentionDays]: String(config.retentionDays),
    [ENVIRONMENT.metrics]: 'emf',
    [ENVIRONMENT.metricsNamespace]: names.metricNamespace,
    // Serves the health check, inside of the task alone.
    [ENVIRONMENT.metricsPort]: String(WORKER_PROGRAM.port),
  };
}
