/** Permissions written out, action by action: the library's own grants give wildcards. */
import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

export interface Permission {
  /** What it is for, in one word: the statement's name. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource has a `*`; required where one has. */
  readonly wildcardReason?: string;
}

/** @throws {Error} for a wildcard without its reason, and for any wildcard among the actions. */
export function allow(role: Role, permissions: readonly Permission[]): void {
  for (const { sid, actions, resources, wildcardReason } of permissions) {
    if (actions.some((action) => action.includes('*'))) throw new Error(`${sid}: an action has a wildcard.`);
    role.addToPolicy(new PolicyStatement({ sid, actions: [...actions], resources: [...resources] }));
    for (const resource of resources.filter((text) => text.includes('*'))) {
      if (wildcardReason === undefined)
        throw new Error(`${sid}: ${resource} has a wildcard without a reason.`);
      acknowledgeWildcard(role, resource, wildcardReason);
    }
  }
}

/** The check names each wildcard by its resource, with references as `<LogicalId.Arn>` and `<AWS::AccountId>`. */
export function acknowledgeWildcard(role: IConstruct, resource: string, reason: string): void {
  const id = `AwsSolutions-IAM5[Resource::${flattened(Stack.of(role).resolve(resource))}]`;
  Validations.of(role).acknowledge({ id, reason });
}

function flattened(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  if (Array.isArray(resolved)) return resolved.map(flattened).join('');
  if (typeof resolved !== 'object' || resolved === null) throw new Error(`No text: ${String(resolved)}`);
  const [[name, argument] = ['', undefined]] = Object.entries(resolved);
  switch (name) {
    case 'Ref':
      return `<${flattened(argument)}>`;
    case 'Fn::GetAtt':
      return `<${Array.isArray(argument) ? argument.map(flattened).join('.') : flattened(argument)}>`;
    case 'Fn::Join':
      return Array.isArray(argument) ? flattened(argument[1]) : '';
    default:
      throw new Error(`${name} is no part of a resource's name.`);
  }
}
