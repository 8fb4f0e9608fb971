/** The HTTP endpoint behind a load balancer: on demand alone, with deployments that its own alarms turn back. */
import { Duration, RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  type ContainerImage,
  FargateService,
  type ICluster,
  Secret as TaskSecret,
} from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerCertificate,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { endpointPolicy, PROFILES } from '../../core/scaling/policy.ts';
import { TASK_SIZES } from '../../core/scaling/task-sizes.ts';
import { alarmOf } from '../../schemas/alarms.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { asSecret } from '../as-interface.ts';
import type { StageNames } from '../names.ts';
import { endpointPermissions } from '../permissions.ts';
import { ENDPOINT_PROGRAM } from '../programs.ts';
import type { EndpointConfig, StageConfig } from '../stage-config.ts';
import { acknowledgeExec, execCommand } from './cluster.ts';
import type { Network } from './network.ts';
import { ProgramTask } from './program-task.ts';
import { ServiceScaling } from './service-scaling.ts';
import { alarmName, runbookLink, TableAlarms } from './table-alarms.ts';

export interface EndpointServiceProps {
  readonly config: StageConfig;
  readonly endpoint: EndpointConfig;
  readonly names: StageNames;
  readonly cluster: ICluster;
  readonly network: Network;
  readonly image: ContainerImage;
  /** Takes the load balancer's log of requests. */
  readonly accessLogBucket: IBucket;
}

const { port, readyPath } = ENDPOINT_PROGRAM;
/** Readiness fails from SIGTERM on: by then the load balancer has seen it twice. */
const DRAIN_SECONDS = 15;
const HEALTH_SECONDS = 5;
const STOP_TIMEOUT_SECONDS = 60;
/** From the first connection after the drain until what is unanswered is cut off. */
const CUT_OFF_SECONDS = 30;

/** A client whose key nobody has: it would have to hash to zeros. Without any client the endpoint does not start. */
const NOBODY = [{ client: 'nobody', sha256: ['0'.repeat(64)] }];

export class EndpointService extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;

  constructor(scope: Construct, id: string, props: EndpointServiceProps) {
    super(scope, id);
    const { config, endpoint, names, network } = props;
    const balancerGroup = new SecurityGroup(this, 'BalancerGroup', {
      vpc: network.vpc,
      description: 'Load balancer of the endpoint: open to the world at its listener',
      allowAllOutbound: false,
    });
    const taskGroup = network.outboundGroup('EndpointGroup', 'Endpoint: from the load balancer alone');
    taskGroup.addIngressRule(balancerGroup, Port.tcp(port), 'from the load balancer');
    balancerGroup.addEgressRule(taskGroup, Port.tcp(port), 'to the endpoint');
    const service = this.#service(props, taskGroup);
    const targetGroup = this.#targets(props, service);
    this.loadBalancer = this.#balancer(props, balancerGroup, targetGroup);
    new ServiceScaling(this, 'Scaling', {
      service,
      policy: endpointPolicy(PROFILES[config.profile], {
        tasksMin: endpoint.tasksMin,
        tasksMax: endpoint.tasksMax,
      }),
      clusterName: names.prefix,
      serviceName: names.endpointService,
      targetGroup,
      runbookLink: runbookLink(config.runbookUrl, alarmOf('EndpointSlow').heading),
    });
    new TableAlarms(this, 'Alarms', { program: 'endpoint', config, names });
  }

  #service(
    { config, names, cluster, network, image }: EndpointServiceProps,
    group: SecurityGroup,
  ): FargateService {
    const keys = new Secret(this, 'ApiKeys', {
      secretName: names.apiKeysSecret,
      description:
        'Clients of the endpoint with the hashes of their keys, as `nutrisage key <client>` prints them',
      // No secret is in the template: nobody is let in until a client is put there.
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify(NOBODY)),
      removalPolicy: config.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(keys).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'It holds hashes of keys that clients have: they are changed with the clients, two at a time, not by a function.',
    });
    const task = new ProgramTask(this, 'Task', {
      config,
      names,
      program: 'endpoint',
      image,
      size: TASK_SIZES.endpoint,
      command: ['node', ENDPOINT_PROGRAM.entry],
      health: ENDPOINT_PROGRAM,
      environment: endpointEnvironment(config, names),
      secrets: { [ENVIRONMENT.apiKeys]: TaskSecret.fromSecretsManager(asSecret(keys)) },
      permissions: endpointPermissions(names),
      stopSeconds: STOP_TIMEOUT_SECONDS,
    });
    task.container.addPortMappings({ containerPort: port });
    const service = new FargateService(this, 'Service', {
      serviceName: names.endpointService,
      cluster,
      taskDefinition: task.definition,
      vpcSubnets: network.tasks.subnets,
      assignPublicIp: network.tasks.assignPublicIp,
      securityGroups: [group],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.seconds(60),
      circuitBreaker: { rollback: true },
      deploymentAlarms: {
        alarmNames: [alarmName(names, 'EndpointErrors'), alarmName(names, 'EndpointSlow')],
        behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
      },
      ...execCommand(config),
    });
    if (config.isExecAllowed) acknowledgeExec(service, names);
    service.node.addDependency(cluster);
    return service;
  }

  #targets({ network }: EndpointServiceProps, service: FargateService): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, 'Targets', {
      vpc: network.vpc,
      port,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      targets: [service],
      deregistrationDelay: Duration.seconds(DRAIN_SECONDS),
      healthCheck: {
        path: readyPath,
        interval: Duration.seconds(HEALTH_SECONDS),
        timeout: Duration.seconds(HEALTH_SECONDS - 1),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
        healthyHttpCodes: '200',
      },
    });
  }

  #balancer(
    { config, endpoint, names, network, accessLogBucket }: EndpointServiceProps,
    group: SecurityGroup,
    targetGroup: ApplicationTargetGroup,
  ): ApplicationLoadBalancer {
    const balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      loadBalancerName: names.endpointService,
      vpc: network.vpc,
      internetFacing: true,
      securityGroup: group,
      deletionProtection: config.isProtected,
      dropInvalidHeaderFields: true,
    });
    balancer.logAccessLogs(accessLogBucket, 'load-balancer');
    const { listener } = endpoint;
    const isSecure = 'certificateArn' in listener;
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(isSecure ? 443 : 80), 'clients');
    Validations.of(group).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'The listener of a public endpoint; every request but those of health needs an API key.',
    });
    new ApplicationListener(this, 'Listener', {
      loadBalancer: balancer,
      // The group's rule is written above: the library's would open the listener a second time.
      open: false,
      defaultTargetGroups: [targetGroup],
      ...(isSecure
        ? {
            port: 443,
            protocol: ApplicationProtocol.HTTPS,
            certificates: [ListenerCertificate.fromArn(listener.certificateArn)],
            sslPolicy: SslPolicy.RECOMMENDED_TLS,
          }
        : { port: 80, protocol: ApplicationProtocol.HTTP }),
    });
    return balancer;
  }
}

function endpointEnvironment(config: StageConfig, names: StageNames): Readonly<Record<string, string>> {
  return {
    [ENVIRONMENT.endpointHost]: '0.0.0.0',
    [ENVIRONMENT.endpointPort]: String(port),
    [ENVIRONMENT.drainSeconds]: String(DRAIN_SECONDS),
    [ENVIRONMENT.modelBucket]: names.modelBucket,
    [ENVIRONMENT.gradesTable]: names.gradesTable,
    [ENVIRONMENT.jobsTable]: names.jobsTable,
    [ENVIRONMENT.stopSeconds]: String(CUT_OFF_SECONDS),
    [ENVIRONMENT.retentionDays]: String(config.retentionDays),
    [ENVIRONMENT.metrics]: 'emf',
    [ENVIRONMENT.metricsNamespace]: names.metricNamespace,
  };
}
