import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { RECEIVES_MAX } from '../../cdk/constructs/worker-service.ts';
import {
  ENDPOINT_PROGRAM,
  healthCommand,
  TRAINER_ENVIRONMENT,
  WORKER_COMMAND,
  WORKER_PROGRAM,
} from '../../cdk/programs.ts';
import { TASK_SIZES, visibilitySeconds, WORKER_THREADS, workerSize } from '../../core/scaling/task-sizes.ts';
import { type BuildStage, readCommand, readStages } from '../../image/dockerfile.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { readConfig } from '../../worker/config.ts';
import { readEndpointConfig } from '../../worker/endpoint/config.ts';
import { FULL, onlyName, resourcesOf, stageOf, synthesise, type Templates } from './stages.ts';

/** Nobody has a key that hashes to zeros. */
const NOBODY = JSON.stringify([{ client: 'nobody', sha256: ['0'.repeat(64)] }]);

interface ContainerDefinition {
  readonly Name: string;
  readonly Command: readonly string[];
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string }[];
  readonly ReadonlyRootFilesystem: boolean;
  readonly StopTimeout: number;
  readonly HealthCheck?: { readonly Command: readonly string[] };
  readonly LogConfiguration: { readonly Options: Readonly<Record<string, unknown>> };
  readonly MountPoints?: readonly { readonly ContainerPath: string }[];
}

interface TaskDefinition {
  readonly Cpu: string;
  readonly Memory: string;
  readonly RuntimePlatform: { readonly CpuArchitecture: string };
  readonly ContainerDefinitions: readonly ContainerDefinition[];
}

function taskOf(
  templates: Templates,
  program: string,
): TaskDefinition & { readonly container: ContainerDefinition } {
  const tasks = resourcesOf(templates, 'AWS::ECS::TaskDefinition').map(
    ([, { Properties }]) => Properties as unknown as TaskDefinition,
  );
  const task = tasks.find(({ ContainerDefinitions }) => ContainerDefinitions[0]?.Name === program);
  const container = task?.ContainerDefinitions[0];
  if (task === undefined || container === undefined) throw new Error(`There is no task ${program}.`);
  return { ...task, container };
}

/** A container's variables; of a value with references the text around them. */
function environmentOf({ Environment }: ContainerDefinition): Record<string, string> {
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Environment.map(({ Name, Value }) => [Name, textOf(Value)]));
}

/** The last stage of a Dockerfile: what is started. */
function imageStage(program: string): BuildStage {
  const dockerfile = new URL(`../../image/${program}.Dockerfile`, import.meta.url);
  const stage = readStages(readFileSync(dockerfile, 'utf8')).at(-1);
  if (stage === undefined) throw new Error(`The image of the ${program} has no stage.`);
  return stage;
}

describe('the workers', () => {
  let templates: Templates;
  let service: Template;

  beforeAll(() => {
    templates = synthesise(FULL);
    service = templates.service;
  });

  it('start with a configuration that the program takes', () => {
    const { container } = taskOf(templates, 'worker');
    const config = readConfig(environmentOf(container), 1);
    expect(config).toMatchObject({
      threads: WORKER_THREADS,
      visibilitySeconds: visibilitySeconds(workerSize()),
      receivesMax: RECEIVES_MAX,
      gradesTable: 'nutrisage-grades-production',
      jobsTable: 'nutrisage-jobs-production',
      retentionDays: 400,
      metrics: 'emf',
      metricsNamespace: 'NutriSage/production',
      metricsPort: WORKER_PROGRAM.port,
    });
    expect(container.Command).toEqual(WORKER_COMMAND);
    // What is unfinished is released before ECS, or Spot, kills.
    expect(config.stopSeconds).toBeLessThan(container.StopTimeout);
    expect(container.StopTimeout).toBe(120);
  });

  it('know the queues by the URLs that SQS gives them', () => {
    const { container } = taskOf(templates, 'worker');
    const url = container.Environment.find(({ Name }) => Name === ENVIRONMENT.jobsQueueUrl)?.Value;
    expect(url).toEqual({
      'Fn::Join': [
        '',
        [
          'https://sqs.',
          { Ref: 'AWS::Region' },
          '.',
          { Ref: 'AWS::URLSuffix' },
          '/',
          { Ref: 'AWS::AccountId' },
          '/nutrisage-jobs-production',
        ],
      ],
    });
  });

  it('are of the size that scaling and plan count with, on the processors of the stage', () => {
    const { Cpu, Memory, RuntimePlatform } = taskOf(templates, 'worker');
    expect({ Cpu, Memory }).toEqual({
      Cpu: String(TASK_SIZES.worker.vcpus * 1024),
      Memory: String(TASK_SIZES.worker.memoryGib * 1024),
    });
    expect(RuntimePlatform.CpuArchitecture).toBe('ARM64');
    expect(
      taskOf(synthesise(stageOf('production', { architecture: 'x86_64' })), 'worker').RuntimePlatform
        .CpuArchitecture,
    ).toBe('X86_64');
  });

  it('have a read-only root, a health check, and a log that never holds them up', () => {
    const { container } = taskOf(templates, 'worker');
    expect(container.ReadonlyRootFilesystem).toBe(true);
    expect(container.HealthCheck?.Command).toEqual(healthCommand(WORKER_PROGRAM));
    expect(container.LogConfiguration.Options).toMatchObject({
      mode: 'non-blocking',
      'max-buffer-size': '26214400b',
    });
    service.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/nutrisage/production/worker',
      RetentionInDays: 90,
    });
  });

  it('run on demand up to the base and mostly on Spot beyond, roll back, and are given no number', () => {
    const worker = Object.values(
      service.findResources('AWS::ECS::Service', {
        Properties: { ServiceName: 'nutrisage-production-worker' },
      }),
    )[0];
    expect(worker?.['Properties']).toMatchObject({
      CapacityProviderStrategy: [
        { CapacityProvider: 'FARGATE', Base: 1, Weight: 25 },
        { CapacityProvider: 'FARGATE_SPOT', Base: 0, Weight: 75 },
      ],
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
    });
    expect(worker?.['Properties']).not.toHaveProperty('DesiredCount');
    const association = onlyName(service.findResources('AWS::ECS::ClusterCapacityProviderAssociations'));
    expect(worker?.['DependsOn']).toContain(association);
  });

  it('have Spot alone, or none of it, where the stage says so', () => {
    const strategies = (spotPercent: number, onDemandBase: number): unknown => {
      const worker = { tasksMin: 0, tasksMax: 4, isTableWritten: true, spotPercent, onDemandBase };
      const [found] = resourcesOf(synthesise(stageOf('dev', { worker })), 'AWS::ECS::Service');
      return found?.[1].Properties['CapacityProviderStrategy'];
    };
    expect(strategies(100, 0)).toEqual([{ CapacityProvider: 'FARGATE_SPOT', Base: 0, Weight: 100 }]);
    expect(strategies(0, 2)).toEqual([{ CapacityProvider: 'FARGATE', Base: 2, Weight: 100 }]);
  });

  it('write no table where the stage has grades in Parquet alone', () => {
    const worker = { ...FULL.worker, isTableWritten: false };
    const without = synthesise(stageOf('production', { worker }));
    expect(environmentOf(taskOf(without, 'worker').container)).not.toHaveProperty(ENVIRONMENT.gradesTable);
    expect(JSON.stringify(resourcesOf(without, 'AWS::IAM::Policy'))).not.toContain('dynamodb:BatchWriteItem');
    expect(JSON.stringify(resourcesOf(templates, 'AWS::IAM::Policy'))).toContain('dynamodb:BatchWriteItem');
  });
});

describe('shells into tasks', () => {
  it('come with a writable root, their own log, and nowhere in production', () => {
    const dev = synthesise(stageOf('dev'));
    expect(taskOf(dev, 'worker').container.ReadonlyRootFilesystem).toBe(false);
    dev.service.hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: true });
    dev.service.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/nutrisage/dev/shells' });
    for (const [, { Properties }] of resourcesOf(synthesise(FULL), 'AWS::ECS::Service'))
      expect(Properties).not.toHaveProperty('EnableExecuteCommand');
  });
});

describe('the endpoint', () => {
  let templates: Templates;
  let service: Template;

  beforeAll(() => {
    templates = synthesise(FULL);
    service = templates.service;
  });

  it('is on demand, behind HTTPS, and asked whether it is ready', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: Match.stringLikeRegexp('^arn:aws:acm:') }],
    });
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: ENDPOINT_PROGRAM.readyPath,
      Port: ENDPOINT_PROGRAM.port,
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '15' }]),
    });
    service.hasResourceProperties('AWS::ECS::Service', {
      ServiceName: 'nutrisage-production-endpoint',
      LaunchType: 'FARGATE',
    });
  });

  it('is turned back by its own alarms, which there are', () => {
    const AlarmNames = ['nutrisage-production-EndpointErrors', 'nutrisage-production-EndpointSlow'];
    service.hasResourceProperties('AWS::ECS::Service', {
      ServiceName: 'nutrisage-production-endpoint',
      DeploymentConfiguration: Match.objectLike({ Alarms: { AlarmNames, Enable: true, Rollback: true } }),
    });
    for (const AlarmName of AlarmNames)
      service.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName });
  });

  it('has its keys from a secret, which lets nobody in at first', () => {
    const { container } = taskOf(templates, 'endpoint');
    expect(container.Secrets?.map(({ Name }) => Name)).toEqual([ENVIRONMENT.apiKeys]);
    service.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'nutrisage-production/api-keys',
      SecretString: NOBODY,
    });
  });

  it('starts with a configuration that the program takes', () => {
    const { container } = taskOf(templates, 'endpoint');
    const environment = { ...environmentOf(container), [ENVIRONMENT.apiKeys]: NOBODY };
    expect(readEndpointConfig(environment, '1.0.0')).toMatchObject({
      host: '0.0.0.0',
      port: ENDPOINT_PROGRAM.port,
      clients: [{ client: 'nobody' }],
      gradesTable: 'nutrisage-grades-production',
      jobsTable: 'nutrisage-jobs-production',
      metrics: 'emf',
      metricsNamespace: 'NutriSage/production',
    });
    expect(container.Command).toEqual(['node', ENDPOINT_PROGRAM.entry]);
  });

  it('drains before it is cut off, and is cut off before it is killed', () => {
    const { container } = taskOf(templates, 'endpoint');
    const environment = { ...environmentOf(container), [ENVIRONMENT.apiKeys]: NOBODY };
    const { drainSeconds, stopSeconds } = readEndpointConfig(environment, '1.0.0');
    expect(drainSeconds + stopSeconds).toBeLessThan(container.StopTimeout);
  });

  it('is not there unless it is asked for, nor its load balancer and secret', () => {
    const without = synthesise(stageOf('production'));
    for (const type of ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::SecretsManager::Secret'])
      expect(resourcesOf(without, type)).toEqual([]);
    expect(resourcesOf(without, 'AWS::ECS::Service')).toHaveLength(1);
  });

  it('speaks plain HTTP on explicit request alone', () => {
    const endpoint = { tasksMin: 1, tasksMax: 2, listener: { isPlainHttp: true } } as const;
    const { service: plain } = synthesise(stageOf('dev', { endpoint }));
    plain.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, Protocol: 'HTTP' });
  });
});

describe('the trainer', () => {
  it('may write where it works, and runs by its schedule as nobody else', () => {
    const templates = synthesise(FULL);
    const { container } = taskOf(templates, 'trainer');
    const folders = container.MountPoints?.map(({ ContainerPath }) => ContainerPath);
    expect(folders).toEqual(['/work', '/tmp']);
    // Fargate gives to root what the image does not name.
    const [volumes] = imageStage('trainer').instructions.filter(({ keyword }) => keyword === 'VOLUME');
    expect(readCommand(volumes?.text ?? '')).toEqual(folders);
    expect(environmentOf(container)).toMatchObject({
      [TRAINER_ENVIRONMENT.sources]: 's3://exports/products.parquet',
      [TRAINER_ENVIRONMENT.promote]: 'yes',
      [TRAINER_ENVIRONMENT.folder]: '/work',
    });
    templates.service.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 1 * ? *)',
      Target: Match.objectLike({ EcsParameters: Match.objectLike({ LaunchType: 'FARGATE', TaskCount: 1 }) }),
    });
    templates.service.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'iam:PassRole',
            Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
          }),
        ]),
      },
    });
  });

  it('waits to be started where it has no schedule, and says how', () => {
    const dev = synthesise(stageOf('dev'));
    expect(resourcesOf(dev, 'AWS::Scheduler::Schedule')).toEqual([]);
    const [run] = Object.values(dev.service.findOutputs('*', { Description: 'Trains now' }));
    expect(JSON.stringify(run?.['Value'])).toContain(
      'aws ecs run-task --cluster nutrisage-dev --task-definition nutrisage-dev-trainer',
    );
  });
});

describe('the network', () => {
  it('has gateway endpoints, and no NAT unless it is asked for', () => {
    const templates = synthesise(FULL);
    expect(resourcesOf(templates, 'AWS::EC2::NatGateway')).toEqual([]);
    const endpoints = resourcesOf(templates, 'AWS::EC2::VPCEndpoint').map(
      ([, { Properties }]) => Properties['VpcEndpointType'],
    );
    expect(endpoints).toEqual(['Gateway', 'Gateway']);
    const behind = synthesise(stageOf('production', { natGateways: 1 }));
    expect(resourcesOf(behind, 'AWS::EC2::NatGateway')).toHaveLength(1);
    behind.service.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
    });
  });

  it('is open at the load balancer’s listener, and nowhere else', () => {
    const open = (properties: unknown): boolean =>
      /0\.0\.0\.0\/0|::\/0/.test(JSON.stringify(properties ?? []));
    const templates = synthesise(FULL);
    const groups = resourcesOf(templates, 'AWS::EC2::SecurityGroup');
    const openGroups = groups.filter(([, { Properties }]) => open(Properties['SecurityGroupIngress']));
    expect(openGroups).toHaveLength(1);
    expect(openGroups[0]?.[1].Properties['SecurityGroupIngress']).toEqual([
      { CidrIp: '0.0.0.0/0', Description: 'clients', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
    ]);
    for (const [name, { Properties }] of resourcesOf(templates, 'AWS::EC2::SecurityGroupIngress'))
      expect(open(Properties), name).toBe(false);
    const dev = resourcesOf(synthesise(stageOf('dev')), 'AWS::EC2::SecurityGroup');
    for (const [name, { Properties }] of dev)
      expect(Properties, name).not.toHaveProperty('SecurityGroupIngress');
  });

  it('lets tasks out by HTTPS alone', () => {
    for (const [name, { Properties }] of resourcesOf(synthesise(stageOf('dev')), 'AWS::EC2::SecurityGroup'))
      expect(Properties['SecurityGroupEgress'], name).toEqual([
        expect.objectContaining({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }),
      ]);
  });
});
