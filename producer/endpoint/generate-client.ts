/** `npm run client`: makes the typed client of the endpoint from its OpenAPI document. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateSource } from 'oazapfts';

const DOCUMENT = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const CLIENT = new URL('./client.generated.ts', import.meta.url);

/**
 * The generator's types do not hold under `exactOptionalPropertyTypes`, where it passes options on. What it exports is typed all
 * the same.
 */
const UNCHECKED = '// @ts-nocheck\n';

export async function clientSource(): Promise<string> {
  return `${UNCHECKED}${await generateSource(DOCUMENT)}`;
}

if (import.meta.main) writeFileSync(CLIENT, await clientSource());
