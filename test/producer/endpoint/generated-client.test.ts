import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientSource } from '../../../producer/endpoint/generate-client.ts';

it('is made from the OpenAPI document that is kept (else: npm run client)', async () => {
  const kept = readFileSync(
    new URL('../../../producer/endpoint/client.generated.ts', import.meta.url),
    'utf8',
  );
  expect(kept).toBe(await clientSource());
});
