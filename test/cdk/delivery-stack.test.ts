import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageOf, synthesise } from './stages.ts';

describe('the role that GitHub deploys with', () => {
  it('is for one environment of one repository, and may assume the CDK’s roles alone', () => {
    const { delivery } = synthesise(stageOf('dev'), {
      subjectPrefix: 'repo:acme@12/nutrisage@34',
      environment: 'production',
    });
    delivery?.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: Match.anyValue() },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': 'repo:acme@12/nutrisage@34:environment:production',
              },
            },
          },
        ],
      },
    });
    const policies = delivery?.findResources('AWS::IAM::Policy') ?? {};
    const statements = Object.values(policies).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({ Action: 'sts:AssumeRole', Effect: 'Allow' });
    const roles = JSON.stringify(statements[0].Resource).match(/cdk-hnb659fds-[a-z-]+-role/g);
    expect(roles?.toSorted()).toEqual([
      'cdk-hnb659fds-deploy-role',
      'cdk-hnb659fds-file-publishing-role',
      'cdk-hnb659fds-image-publishing-role',
      'cdk-hnb659fds-lookup-role',
    ]);
    expect(JSON.stringify(statements)).not.toContain('*');
  });

  it('is there only where a repository is named', () => {
    expect(synthesise(stageOf('dev')).delivery).toBeUndefined();
  });
});
