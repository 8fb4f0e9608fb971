/**
 * `/docs`: the OpenAPI document as a page, written by the server. Viewers of such documents were refused: they bring one to
 * three megabytes of script, and most ask some other host for fonts or the like.
 */
import { escapeText } from '../../../core/report/escape.ts';
import { PAGE_STYLE } from '../../../core/report/page-style.ts';
import type { OpenApiDocument } from '../../../schemas/openapi.ts';
import { OPERATIONS, type Operation } from '../../../schemas/openapi-operations.ts';
import { PROBLEMS } from '../../../schemas/problems.ts';
import { DOCS_STYLE } from './docs-style.ts';
import { PAGE_ICON } from './page-icon.ts';
import { prose } from './prose.ts';
import { schemaSection, typeText } from './schema-section.ts';

export function docsPage({ info, components }: OpenApiDocument): string {
  const { title, version, description } = info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}: HTTP interface</title>
${PAGE_ICON}
<style>${PAGE_STYLE}${DOCS_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}: HTTP interface</h1>
<p class="muted">Version ${escapeText(version)} · <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
<p>${prose(description)}</p>
${contents()}
<h2 id="start">A first request</h2>
<pre>${escapeText(FIRST_REQUEST)}</pre>
<p>An endpoint that is not on your own machine asks for a key: <code>-H 'Authorization: Bearer &lt;key&gt;'</code>, or <code>-H 'X-API-Key: &lt;key&gt;'</code>.</p>
${OPERATIONS.map(operationSection).join('\n')}
<h2 id="schemas">Bodies</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => schemaSection(name, schema))
  .join('\n')}
${errorsSection()}
</main>
</body>
</html>
`;
}

const FIRST_REQUEST = `curl -X POST http://127.0.0.1:8080/grade -H 'Content-Type: application/json' \\
  -d '{"categories": "en:sodas", "energyKj": 180, "fat": 0, "saturatedFat": 0, "sugars": 10.6, "proteins": 0, "salt": 0}'`;

function contents(): string {
  const links = OPERATIONS.map(
    ({ id, method, path }) =>
      `<li><a href="#${id}">${badge(method)} <code>${escapeText(path)}</code></a></li>`,
  );
  return `<nav aria-label="Routes"><ul class="routes">${links.join('')}
<li><a href="#schemas">Bodies</a></li><li><a href="#errors">Errors</a></li></ul></nav>`;
}

function badge(method: string): string {
  return `<span class="method ${method}">${method.toUpperCase()}</span>`;
}

function operationSection(operation: Operation): string {
  const { id, method, path, summary, description, isGuarded, parameters, body, answers, problems } =
    operation;
  const parameterRows = parameters.map(({ name, in: place, required, description: meaning, schema }) => [
    `<code>${escapeText(name)}</code>`,
    place,
    `${typeText(schema)}${required ? ', needed' : ''}`,
    prose(meaning),
  ]);
  const examples = Object.values(body?.examples ?? {}) as readonly {
    readonly summary: string;
    readonly value: unknown;
  }[];
  const answerRows = Object.entries(answers).map(([status, answer]) => [
    status,
    `${typeText(answer.schema)}: ${prose(answer.description)}`,
  ]);
  const problemRows = problems.map((code) => [
    String(PROBLEMS[code].status),
    `<a href="#error-${code}"><code>${code}</code></a>: ${prose(PROBLEMS[code].meaning)}`,
  ]);
  return `<section>
<h2 id="${id}">${badge(method)} <code>${escapeText(path)}</code></h2>
<p><strong>${prose(summary)}.</strong> ${prose(description)}</p>
${isGuarded ? '' : '<p class="muted">Needs no key.</p>'}
${parameterRows.length === 0 ? '' : htmlTable('Parameters', ['Name', 'In', 'Type', 'Meaning'], parameterRows)}
${body === undefined ? '' : `<h3>Body</h3><p>${typeText(body.schema)}, as <code>application/json</code>.</p>`}
${examples.map((example) => `<details><summary>${prose(example.summary)}</summary><pre>${escapeText(JSON.stringify(example.value, null, 2))}</pre></details>`).join('\n')}
${htmlTable('Answers', ['Status', 'What'], [...answerRows, ...problemRows])}
</section>`;
}

function errorsSection(): string {
  const rows = Object.entries(PROBLEMS).map(([code, { status, meaning, remedy }]) => [
    `<code id="error-${code}">${code}</code>`,
    String(status),
    `${prose(meaning)} <em>${prose(remedy)}</em>`,
  ]);
  return `<section><h2 id="errors">Errors</h2>
<p>An error is a problem document (RFC 9457) of the type <code>application/problem+json</code>, with one of these codes.</p>
${htmlTable('Codes', ['Code', 'Status', 'Meaning and remedy'], rows)}</section>`;
}

/** @param rows cells of HTML */
function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="plain"><caption>${caption}</caption>
<thead><tr>${headings}</tr></thead><tbody>${body}</tbody></table></div>`;
}
