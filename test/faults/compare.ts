/** In what a run differs from the undisturbed one, as sentences. */
import type { Observation } from './observe.ts';

const SHOWN_MAX = 3;

export function differences(calm: Observation, stormy: Observation): string[] {
  return [
    ...listDifferences(
      'object',
      Object.entries(calm.objects).map(pair),
      Object.entries(stormy.objects).map(pair),
    ),
    ...listDifferences('item', calm.items, stormy.items),
    ...listDifferences('ledger record', calm.ledger, stormy.ledger),
  ];
}

const pair = ([key, value]: [string, string]): string => `${key}: ${value}`;

function listDifferences(what: string, calm: readonly string[], stormy: readonly string[]): string[] {
  const lost = without(calm, stormy).map((text) => `lost ${what} ${text}`);
  const added = without(stormy, calm).map((text) => `added ${what} ${text}`);
  const all = [...lost, ...added];
  const rest = all.length > SHOWN_MAX ? [`… and ${all.length - SHOWN_MAX} more of ${what}`] : [];
  return [...all.slice(0, SHOWN_MAX), ...rest];
}

function without(these: readonly string[], those: readonly string[]): string[] {
  const other = new Set(those);
  return these.filter((text) => !other.has(text));
}
