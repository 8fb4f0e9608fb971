/** `nutrisage key`: makes an API key for a client of the endpoint. Nothing is stored: what is printed is all there is. */
import { randomBytes } from 'node:crypto';
import { API_KEY_SECRET_BYTES, apiKey, apiKeyHash } from '../../core/keys/api-key.ts';
import { type ApiClient, ITEMS_PER_MINUTE } from '../../schemas/api-keys.ts';
import { ENVIRONMENT, EXIT_CODES } from '../../schemas/names.ts';
import type { CommandResult } from './command.ts';

export interface KeyOptions {
  readonly client: string;
  readonly itemsPerMinute: number | undefined;
}

export function key({ client, itemsPerMinute = ITEMS_PER_MINUTE }: KeyOptions): CommandResult {
  const made = apiKey(client, randomBytes(API_KEY_SECRET_BYTES));
  const entry: ApiClient = { client, sha256: [apiKeyHash(made).toString('hex')], itemsPerMinute };
  return {
    document: { key: made, entry },
    text: [
      `The key of ${client}. It is shown this once, and is for ${client} alone:`,
      `  ${made}`,
      '',
      `What the endpoint knows it by, for the list in ${ENVIRONMENT.apiKeys}:`,
      `  ${JSON.stringify(entry)}`,
      '',
      'To replace a key, add the new hash to the client’s `sha256`, hand out the new key, and take the old hash out when',
      'nobody uses it any more.',
    ].join('\n'),
    exitCode: EXIT_CODES.ok,
  };
}
