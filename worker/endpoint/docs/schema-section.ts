/** A schema of the OpenAPI document as a table of its members. */
import { escapeText } from '../../../core/report/escape.ts';
import type { SchemaObject } from '../../../schemas/openapi-schemas.ts';
import { prose } from './prose.ts';

const REFERENCE = '#/components/schemas/';

export function schemaSection(name: string, schema: SchemaObject): string {
  const { description, properties, required } = schema;
  const meaning = typeof description === 'string' ? `<p>${prose(description)}</p>` : '';
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = Object.entries((properties ?? {}) as Readonly<Record<string, SchemaObject>>);
  const rows = members.map(
    ([member, of]) =>
      `<tr><td><code>${escapeText(member)}</code></td><td>${typeText(of)}${needed.has(member) ? '' : ', optional'}</td>` +
      `<td>${prose(typeof of['description'] === 'string' ? of['description'] : '')}</td></tr>`,
  );
  const body =
    rows.length === 0
      ? `<p>${typeText(schema)}</p>`
      : `<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table class="plain"><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
  return `<section><h3 id="${name}">${name}</h3>${meaning}${body}</section>`;
}

/** A type in a few words, as HTML, with links to those that have names. */
export function typeText(schema: SchemaObject): string {
  const { $ref, type, anyOf, oneOf, items, properties, additionalProperties } = schema;
  const { enum: values, const: only } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.slice(REFERENCE.length);
    return `<a href="#${name}">${name}</a>`;
  }
  const union = (anyOf ?? oneOf) as readonly SchemaObject[] | undefined;
  if (union !== undefined) return union.map(typeText).join(' or ');
  if (Array.isArray(values)) return values.map(quoted).join(', ');
  if (only !== undefined) return quoted(only);
  if (type === 'array') return `list of ${typeText(items as SchemaObject)}`;
  if (properties !== undefined)
    return `{ ${membersOf(properties as Readonly<Record<string, SchemaObject>>)} }`;
  if (additionalProperties !== undefined && type === 'object') return 'object';
  return [type]
    .flat()
    .map((one) => TYPE_WORDS[String(one)] ?? String(one))
    .join(' or ');
}

const TYPE_WORDS: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number' };

function membersOf(properties: Readonly<Record<string, SchemaObject>>): string {
  return Object.entries(properties)
    .map(([name, of]) => `<code>${escapeText(name)}</code>: ${typeText(of)}`)
    .join(', ');
}

function quoted(value: unknown): string {
  return `<code>${escapeText(JSON.stringify(value))}</code>`;
}
