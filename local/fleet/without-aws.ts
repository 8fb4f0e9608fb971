/** A developer's profile, session token or ECS agent must not reach the children: they would go to the real AWS. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isAws = (name: string): boolean => name.startsWith('AWS_') || name.startsWith('ECS_');
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isAws(name)));
}
