/**
 * Protection of an ECS task, by the agent beside it.
 * Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html.
 */
import type { TaskProtection } from '../protection/task-protection.ts';

const PATH = '/task-protection/v1/state';
const PATIENCE_MS = 5000;

/** One of the three is there. The agent's own refusals (`error`) and ECS's (`failure`) differ in the name of the reason. */
interface Answer {
  readonly protection?: { readonly ProtectionEnabled?: boolean };
  readonly failure?: { readonly Reason?: string; readonly Detail?: string | null };
  readonly error?: { readonly Code?: string; readonly Message?: string };
}

/** @param agentUri of the agent, as ECS tells every container */
export function createEcsTaskProtection(agentUri: string): TaskProtection {
  return {
    async protectFor(minutes) {
      const isProtected = minutes > 0;
      const response = await fetch(`${agentUri}${PATH}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ProtectionEnabled: isProtected,
          ...(isProtected ? { ExpiresInMinutes: minutes } : {}),
        }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      const { protection, failure, error } = parsed(text);
      if (protection?.ProtectionEnabled === isProtected) return;
      const reasons = [failure?.Reason, failure?.Detail, error?.Code, error?.Message];
      const reason = reasons.filter((part) => typeof part === 'string').join(': ');
      throw new Error(
        `ECS does not change the protection of the task (${reason || `status ${response.status}`}).`,
      );
    },
  };
}

/** What is not JSON says as much as an empty answer. */
function parsed(text: string): Answer {
  try {
    // Every member is optional, and looked at as such.
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}
