/** A task that runs one of our programs: its size, image, log, health and roles. */
import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  type ContainerDefinition,
  type ContainerImage,
  FargateTaskDefinition,
  type HealthCheck,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { TaskSize } from '../../core/scaling/task-sizes.ts';
import { allow, type Permission } from '../grants.ts';
import { logGroupName, type StageNames } from '../names.ts';
import { healthCommand, type Program } from '../programs.ts';
import type { StageConfig } from '../stage-config.ts';
import { cpuArchitecture } from './program-images.ts';

export interface ProgramTaskProps {
  readonly config: StageConfig;
  readonly names: StageNames;
  /** `worker`, `endpoint` or `trainer`. */
  readonly program: string;
  readonly image: ContainerImage;
  readonly size: TaskSize;
  readonly command: readonly string[];
  /** Asked for its health every half minute; absent: its end is all that is known of it. */
  readonly health?: Program;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** What the program itself may do. */
  readonly permissions: readonly Permission[];
  /** From SIGTERM until it is killed, in seconds; 120 at most. */
  readonly stopSeconds: number;
  /** Folders that it may write to; the rest of its file system is read-only. */
  readonly writableFolders?: readonly string[];
  /** Of the task's own disk, in GiB. @default 20, which costs nothing */
  readonly diskGib?: number;
}

/** Log lines that wait here while CloudWatch is slow; what is beyond is dropped, so that no program waits for its log. */
const LOG_BUFFER = Size.mebibytes(25);

export class ProgramTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly taskRole: Role;

  constructor(scope: Construct, id: string, props: ProgramTaskProps) {
    super(scope, id);
    const { config, names, program, size } = props;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupName(names, program),
      retention: config.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskRole = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: `What the ${program} of ${names.prefix} may do`,
    });
    allow(this.taskRole, props.permissions);
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      family: `${names.prefix}-${program}`,
      cpu: size.vcpus * 1024,
      memoryLimitMiB: size.memoryGib * 1024,
      runtimePlatform: {
        cpuArchitecture: cpuArchitecture(config),
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: this.taskRole,
      ...(props.diskGib === undefined ? {} : { ephemeralStorageGiB: props.diskGib }),
    });
    this.container = this.#container(props, logGroup);
    this.#acknowledge();
  }

  #container(props: ProgramTaskProps, logGroup: LogGroup): ContainerDefinition {
    const { config, program, health, writableFolders = [] } = props;
    const container = this.definition.addContainer('Program', {
      containerName: program,
      image: props.image,
      command: [...props.command],
      environment: { ...props.environment },
      secrets: { ...props.secrets },
      stopTimeout: Duration.seconds(props.stopSeconds),
      // The agent of ECS Exec writes to the root, whoever the program is.
      readonlyRootFilesystem: !config.isExecAllowed,
      logging: LogDrivers.awsLogs({
        logGroup,
        streamPrefix: program,
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: LOG_BUFFER,
      }),
      ...(health === undefined ? {} : { healthCheck: healthCheck(health) }),
    });
    for (const [index, containerPath] of writableFolders.entries()) {
      const name = `writable-${index}`;
      this.definition.addVolume({ name });
      container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
    }
    return container;
  }

  #acknowledge(): void {
    Validations.of(this.definition).acknowledge({
      id: 'AwsSolutions-ECS2',
      reason:
        'The environment holds names of resources and numbers; what is secret comes from Secrets Manager.',
    });
    const { executionRole } = this.definition;
    if (executionRole === undefined) return;
    Validations.of(executionRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken, which pulls the image, knows no resource.',
    });
  }
}

function healthCheck(program: Program): HealthCheck {
  return {
    command: healthCommand(program),
    interval: Duration.seconds(30),
    timeout: Duration.seconds(10),
    retries: 3,
    startPeriod: Duration.seconds(60),
  };
}
