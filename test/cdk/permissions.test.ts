/** Least privilege: what the roles of a whole stage may do, and that no wildcard is without its reason. */
import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { allow } from '../../cdk/grants.ts';
import {
  FULL,
  resourcesOf,
  type Statement,
  stageOf,
  statementsOf,
  synthesise,
  type Templates,
} from './stages.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function allowed(templates: Templates): readonly Statement[] {
  return resourcesOf(templates, 'AWS::IAM::Policy').flatMap(([, policy]) =>
    statementsOf(policy).filter(({ Effect }) => Effect === 'Allow'),
  );
}

/** What is allowed on everything; AWS knows no resource for it. */
const WITHOUT_RESOURCE = ['ecr:GetAuthorizationToken'];
const OF_SHELLS = [
  'logs:DescribeLogGroups',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

describe('the roles of a stage', () => {
  let templates: Templates;

  beforeAll(() => {
    templates = synthesise(
      { ...FULL, images: { from: 'source' } },
      { subjectPrefix: 'repo:acme/nutrisage', environment: 'production' },
    );
  });

  it('have no wildcard among their actions', () => {
    for (const { Action } of allowed(templates))
      for (const action of listOf(Action)) expect(action).not.toContain('*');
  });

  it('may do on everything only what knows no resource', () => {
    const onAll = (of: Templates): unknown[] =>
      allowed(of)
        .filter(({ Resource }) => listOf(Resource).includes('*'))
        .flatMap(({ Action }) => listOf(Action));
    expect(new Set(onAll(templates))).toEqual(new Set(WITHOUT_RESOURCE));
    expect(new Set(onAll(synthesise(stageOf('dev'))))).toEqual(new Set(OF_SHELLS));
  });

  it('may use objects below prefixes, tasks of the cluster, and else what is named in full', () => {
    const textOf = (resource: unknown): string => JSON.stringify(resource);
    const wild = allowed(templates)
      .flatMap(({ Resource }) => listOf(Resource))
      .filter((resource) => resource !== '*' && textOf(resource).includes('*'))
      .map(textOf);
    expect(wild.length).toBeGreaterThan(5);
    for (const resource of wild)
      expect(resource).toMatch(
        /\/(?:inbox|uploads|grades|rejects|jobs|models)\/\*"|shop-files\/\*"|:task\/nutrisage-production\/\*"/,
      );
  });

  it('are the worker’s: take work and give it up, read inputs and models, write outputs and tables', () => {
    const actions = (sid: string): readonly unknown[] =>
      allowed(templates)
        .filter(({ Sid }) => Sid === sid)
        .flatMap(({ Action }) => listOf(Action));
    // Given up by the worker, which sends, or by the queue, where the worker looks and hides nothing for long.
    expect(actions('GiveUp').toSorted()).toEqual([
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    expect(actions('ReadInputs')).toContain('s3:GetObject');
    expect(actions('WriteGrades')).toEqual(['dynamodb:BatchWriteItem']);
    expect(actions('KeepLedger').toSorted()).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
  });

  it('let the endpoint read, and write nothing', () => {
    const [endpoint] = resourcesOf(templates, 'AWS::IAM::Policy').filter(([name]) =>
      name.startsWith('EndpointTaskRole'),
    );
    const actions =
      endpoint === undefined ? [] : statementsOf(endpoint[1]).flatMap(({ Action }) => listOf(Action));
    expect(actions.toSorted()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      's3:GetObject',
      's3:ListBucket',
    ]);
  });
});

describe('a permission', () => {
  const role = (): Role =>
    new Role(new Stack(new App()), 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

  it('has a reason for a wildcard, or is refused', () => {
    const permission = { sid: 'Read', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] };
    expect(() => allow(role(), [permission])).toThrow(
      'Read: arn:aws:s3:::a/* has a wildcard without a reason.',
    );
    expect(() => allow(role(), [{ ...permission, wildcardReason: 'objects' }])).not.toThrow();
  });

  it('names its actions', () => {
    const permission = {
      sid: 'All',
      actions: ['s3:*'],
      resources: ['arn:aws:s3:::a'],
      wildcardReason: 'none will do',
    };
    expect(() => allow(role(), [permission])).toThrow('All: an action has a wildcard.');
  });
});
