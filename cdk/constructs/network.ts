/** The network: two zones, no inbound rule but the load balancer's, and no NAT unless it is asked for. */
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asVpc } from '../as-interface.ts';

export interface NetworkProps {
  /** 0: tasks have public addresses, and go out by them. */
  readonly natGateways: number;
  /** Takes the log of what was refused. */
  readonly flowLogBucket: IBucket;
}

/** Where tasks run, and how they get out. */
export interface TaskPlace {
  readonly subnets: SubnetSelection;
  readonly assignPublicIp: boolean;
}

const ZONES = 2;
const HTTPS = Port.tcp(443);

export class Network extends Construct {
  readonly vpc: IVpc;
  readonly tasks: TaskPlace;

  constructor(scope: Construct, id: string, { natGateways, flowLogBucket }: NetworkProps) {
    super(scope, id);
    const isPublic = natGateways === 0;
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: ZONES,
      natGateways,
      // A function would empty the default group, which nothing here is in.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 22, mapPublicIpOnLaunch: false },
        ...(isPublic ? [] : [{ name: 'tasks', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 }]),
      ],
      // Free, and they keep grades and files off the public network.
      gatewayEndpoints: {
        s3: { service: GatewayVpcEndpointAwsService.S3 },
        dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      flowLogs: {
        refused: {
          destination: FlowLogDestination.toS3(flowLogBucket, 'flow-logs/'),
          trafficType: FlowLogTrafficType.REJECT,
        },
      },
    });
    this.vpc = asVpc(vpc);
    this.tasks = {
      subnets: { subnetType: isPublic ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: isPublic,
    };
  }

  /** For tasks that call services and are called by nobody, or by who is let in later. */
  outboundGroup(id: string, description: string): SecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
    group.addEgressRule(Peer.anyIpv4(), HTTPS, 'AWS services, and sources of training data');
    return group;
  }
}
