/** `npm run schemas`: the JSON Schema of every contract to `schemas/json/`, and the endpoint's OpenAPI document to `docs/`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { CATALOGUE, jsonSchemaDocument } from './catalogue.ts';
import { openApiDocument } from './openapi.ts';

for (const [name, schema] of Object.entries(CATALOGUE)) {
  writeFileSync(new URL(`./json/${name}.schema.json`, import.meta.url), jsonSchemaDocument(name, schema));
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const openApi = `${JSON.stringify(openApiDocument(version), null, 2)}\n`;
writeFileSync(new URL('../docs/openapi.json', import.meta.url), openApi);
