/** Who sent a request, by its API key. */
import { timingSafeEqual } from 'node:crypto';
import { apiKeyHash, clientOf } from '../../../core/keys/api-key.ts';
import { type ApiClients, ITEMS_PER_MINUTE } from '../../../schemas/api-keys.ts';

export interface Client {
  readonly name: string;
  readonly itemsPerMinute: number;
}

export interface Keyring {
  /** Undefined where the key is none of those that are live. Takes as long for a wrong one as for a right one. */
  clientOf(key: string): Client | undefined;
}

interface Entry {
  readonly client: Client;
  readonly hashes: readonly Buffer[];
}

/** What keys of unknown clients are compared with. */
const NOBODY: Entry = { client: { name: '', itemsPerMinute: 0 }, hashes: [Buffer.alloc(32)] };

export function createKeyring(clients: ApiClients): Keyring {
  const entries = new Map<string, Entry>(
    clients.map(({ client, sha256, itemsPerMinute = ITEMS_PER_MINUTE }) => [
      client,
      { client: { name: client, itemsPerMinute }, hashes: sha256.map((hash) => Buffer.from(hash, 'hex')) },
    ]),
  );
  return {
    clientOf(key) {
      const entry = entries.get(clientOf(key) ?? '') ?? NOBODY;
      const hash = apiKeyHash(key);
      let isLive = false;
      // All of them, whichever fits: the time tells nothing of which is live.
      for (const live of entry.hashes) isLive = timingSafeEqual(live, hash) || isLive;
      return isLive && entry !== NOBODY ? entry.client : undefined;
    },
  };
}
