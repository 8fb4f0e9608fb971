import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../schemas/openapi.ts';
import { GENERAL_PROBLEMS, KEY_PROBLEMS, OPERATIONS } from '../../schemas/openapi-operations.ts';
import { schemaObjects } from '../../schemas/openapi-schemas.ts';
import { PROBLEM_CODES } from '../../schemas/problems.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('the OpenAPI document', () => {
  it('is the one that is kept (else: npm run schemas)', () => {
    expect(read('docs/openapi.json')).toBe(`${JSON.stringify(openApiDocument(version), null, 2)}\n`);
  });

  it('is one by the specification of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(read('docs/openapi.json')));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('tells of every code on some route, but of an unknown route’s', () => {
    const told = new Set([
      ...GENERAL_PROBLEMS,
      ...KEY_PROBLEMS,
      ...OPERATIONS.flatMap(({ problems }) => problems),
    ]);
    expect([...PROBLEM_CODES].filter((code) => !told.has(code))).toEqual(['route-missing']);
  });

  it('refers only to schemas that there are', () => {
    const names = Object.keys(openApiDocument(version).components.schemas);
    const references = [...read('docs/openapi.json').matchAll(/"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(names).toContain(name);
  });
});

describe('schemas in the document', () => {
  it('have constants as one list, null as a second type, and named parts as references', () => {
    const Letter = {
      anyOf: [
        { const: 'a', type: 'string' },
        { const: 'b', type: 'string' },
      ],
    };
    const Thing = {
      properties: {
        letter: Letter,
        size: { anyOf: [{ type: 'number' }, { type: 'null' }], description: 'cm' },
        other: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
        letters: { items: Letter },
        plain: { anyOf: [{ type: 'number' }, { type: 'string' }] },
      },
    };
    const reference = { $ref: '#/components/schemas/Letter' };
    expect(schemaObjects({ Letter, Thing })).toEqual({
      Letter: { type: 'string', enum: ['a', 'b'] },
      Thing: {
        properties: {
          letter: reference,
          size: { type: ['number', 'null'], description: 'cm' },
          other: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
          letters: { items: reference },
          plain: { anyOf: [{ type: 'number' }, { type: 'string' }] },
        },
      },
    });
  });
});
