/** What lets a GitHub repository deploy: its identity provider, and a role that may assume the CDK's own roles and nothing else. */
import { Aws, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface DeliveryStackProps extends StackProps {
  /**
   * What the `sub` claim of GitHub's token begins with: `repo:OWNER/NAME`, or `repo:OWNER@ID/NAME@ID` of repositories made since
   * July 2026.
   */
  readonly subjectPrefix: string;
  /** The repository's environment that may deploy; who may start it is said there. */
  readonly environment: string;
  /** Of the CDK's bootstrap, where it was not the usual one. @default hnb659fds */
  readonly qualifier?: string;
}

const GITHUB = 'https://token.actions.githubusercontent.com';
/** Of the bootstrap stack: deploy, publish files and images, and look up. */
const CDK_ROLES = ['deploy-role', 'file-publishing-role', 'image-publishing-role', 'lookup-role'];

export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, props: DeliveryStackProps) {
    const { subjectPrefix, environment, qualifier = 'hnb659fds', ...stackProps } = props;
    super(scope, id, stackProps);
    const provider = new OidcProviderNative(this, 'GitHub', {
      url: GITHUB,
      clientIds: ['sts.amazonaws.com'],
    });
    const issuer = new URL(GITHUB).host;
    const role = new Role(this, 'DeployRole', {
      roleName: `nutrisage-github-${environment}`,
      description: `Deploys NutriSage from ${subjectPrefix}, environment ${environment}`,
      maxSessionDuration: Duration.hours(2),
      assumedBy: new WebIdentityPrincipal(provider.oidcProviderArn, {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: `${subjectPrefix}:environment:${environment}`,
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'AssumeCdkRoles',
        actions: ['sts:AssumeRole'],
        resources: CDK_ROLES.map(
          (name) =>
            `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/cdk-${qualifier}-${name}-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
        ),
      }),
    );
    new CfnOutput(this, 'DeployRoleArn', {
      value: role.roleArn,
      description: 'AWS_ROLE_ARN of the environment',
    });
  }
}
