/** The page before its program runs, and what it may load: its own files, and nothing from anywhere else. */
import { createHash } from 'node:crypto';
import { COLOURS } from '../../core/report/palette.ts';
import type { ClientModules } from './client-modules.ts';

type Scheme = 'light' | 'dark';

export function pageHtml({ entry, imports }: ClientModules): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>NutriSage</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/node_modules/uplot/dist/uPlot.min.css">
<link rel="stylesheet" href="/style.css">
<script type="importmap">${importMap(imports)}</script>
<script type="module" src="${entry}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. <code>npx nutrisage jobs</code> and <code>npx nutrisage dlq list</code> tell without it.</noscript>
</body>
</html>
`;
}

function importMap(imports: ClientModules['imports']): string {
  return JSON.stringify({ imports });
}

/** Of every answer. The import map is the one script that stands in the page: it is allowed by its hash. */
export function contentSecurityPolicy({ imports }: ClientModules): string {
  const hash = createHash('sha256').update(importMap(imports)).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The palette of the reports as variables, light and dark by what the reader's system prefers. */
export function paletteCss(): string {
  return `:root{${variables('light')};--panel:#f5f7f9;--raised:#ffffff}
@media (prefers-color-scheme:dark){:root{${variables('dark')};--panel:#1c2229;--raised:#232a32}}
`;
}

function variables(scheme: Scheme): string {
  return Object.entries(COLOURS)
    .map(([role, colours]) => `--${role}:${colours[scheme]}`)
    .join(';');
}
