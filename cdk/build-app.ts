/** The stacks of a stage, as one application that `cdk` synthesises and tests read. */
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './stacks/data-stack.ts';
import { DeliveryStack } from './stacks/delivery-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { checkStage, type StageConfig } from './stage-config.ts';

export interface StageStacks {
  readonly data: DataStack;
  readonly service: ServiceStack;
  readonly delivery: DeliveryStack | undefined;
}

/** GitHub's repository that may deploy, as DeliveryStack has it. */
export interface DeliveryConfig {
  readonly subjectPrefix: string;
  readonly environment: string;
}

/**
 * In code, not in cdk.json: tests, which the CDK's command does not start, would else render another template.
 */
const FEATURE_FLAGS: Readonly<Record<string, boolean | string>> = {
  // Faults that CloudFormation would find at the deployment, found here.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-ecs:arnFormatIncludesClusterName': true,
  '@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions': true,
  '@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm': true,
  '@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker': true,
  '@aws-cdk/core:checkSecretUsage': true,
  // One there is, to the bucket of logs: what it is used by must not lose it.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

/** @param outdir where the templates go; the CDK's command says it by itself. */
export function createApp(outdir?: string): App {
  return new App({
    context: FEATURE_FLAGS,
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
}

/** @throws {StageConfigError} one message with every fault of the configuration. */
export function addStage(app: App, config: StageConfig, delivery?: DeliveryConfig): StageStacks {
  checkStage(config);
  const env = { region: config.region };
  const prefix = `NutriSage-${config.stage}`;
  const terminationProtection = config.isProtected;
  const data = new DataStack(app, `${prefix}-Data`, { config, env, terminationProtection });
  const service = new ServiceStack(app, `${prefix}-Service`, { config, accessLogs: data.accessLogs, env });
  service.addStackDependency(data, 'it names queues, buckets, tables and topics');
  Tags.of(app).add('Project', 'NutriSage');
  Tags.of(app).add('Stage', config.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return {
    data,
    service,
    delivery:
      delivery === undefined ? undefined : new DeliveryStack(app, 'NutriSage-Delivery', { ...delivery, env }),
  };
}
