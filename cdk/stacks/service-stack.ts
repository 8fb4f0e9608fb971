/** What runs: the network, the cluster, the workers, the endpoint where there is one, the trainer, and the dashboard. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { StageCluster } from '../constructs/cluster.ts';
import { EndpointService } from '../constructs/endpoint-service.ts';
import { Network } from '../constructs/network.ts';
import { programImages } from '../constructs/program-images.ts';
import { StageDashboard } from '../constructs/stage-dashboard.ts';
import { TrainerTask } from '../constructs/trainer-task.ts';
import { WorkerService } from '../constructs/worker-service.ts';
import { stageNames } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';

export interface ServiceStackProps extends StackProps {
  readonly config: StageConfig;
  readonly accessLogs: IBucket;
}

export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { config, accessLogs, ...props }: ServiceStackProps) {
    super(scope, id, props);
    const names = stageNames(config.stage, config.region);
    const images = programImages(config);
    const network = new Network(this, 'Network', {
      natGateways: config.natGateways,
      flowLogBucket: accessLogs,
    });
    const { cluster } = new StageCluster(this, 'Cluster', { config, names, vpc: network.vpc });
    const common = { config, names, cluster, network };
    new WorkerService(this, 'Worker', { ...common, image: images.worker });
    if (config.endpoint !== undefined) {
      const { endpoint } = config;
      const { loadBalancer } = new EndpointService(this, 'Endpoint', {
        ...common,
        endpoint,
        image: images.worker,
        accessLogBucket: accessLogs,
      });
      new CfnOutput(this, 'EndpointAddress', { value: loadBalancer.loadBalancerDnsName });
    }
    new TrainerTask(this, 'Trainer', { ...common, image: images.trainer });
    new StageDashboard(this, 'Dashboard', { config, names });
  }
}
