/** `npm run schemas`: writes the JSON Schema of every contract to `schemas/json/`. */
import { writeFileSync } from 'node:fs';
import { CATALOGUE, jsonSchemaDocument } from './catalogue.ts';

for (const [name, schema] of Object.entries(CATALOGUE)) {
  writeFileSync(new URL(`./json/${name}.schema.json`, import.meta.url), jsonSchemaDocument(name, schema));
}
