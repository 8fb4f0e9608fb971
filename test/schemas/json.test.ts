import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, jsonSchemaDocument } from '../../schemas/catalogue.ts';

const FOLDER = new URL('../../schemas/json/', import.meta.url);
const written = (name: string): string => readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8');

describe('schemas/json', () => {
  it('has a file for each contract, and no more', () => {
    const files = readdirSync(FOLDER).sort();
    expect(files).toEqual(
      Object.keys(CATALOGUE)
        .map((name) => `${name}.schema.json`)
        .sort(),
    );
  });

  it.each(Object.entries(CATALOGUE))(
    'says of %s what the code checks (else: npm run schemas)',
    (name, schema) => {
      expect(written(name)).toBe(jsonSchemaDocument(name, schema));
    },
  );

  it.each(Object.keys(CATALOGUE))('is a JSON Schema 2020-12 document for %s', (name) => {
    expect(JSON.parse(written(name))).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: name,
    });
  });
});
