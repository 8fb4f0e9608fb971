/** What the documentation has beyond the style that all pages share. */
import { COLOURS } from '../../../core/report/palette.ts';

export const DOCS_STYLE = `
a{color:var(--accent)}
h2{scroll-margin-top:16px}
h3{font-size:17px;margin:32px 0 6px;scroll-margin-top:16px}
section>h2{border-top:1px solid var(--line);padding-top:28px}
code{overflow-wrap:anywhere}
.routes{list-style:none;padding:14px 18px;margin:20px 0;background:var(--panel);border-radius:10px;display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:8px 20px}
.routes a{text-decoration:none}
.routes a:hover{text-decoration:underline}
.method{display:inline-block;font:600 12px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;border:1px solid currentColor;border-radius:5px;padding:0 6px;color:${COLOURS.teal.light}}
.method.post{color:${COLOURS.orange.light}}
h2 code{font-size:19px}
.plain th,.plain td{text-align:left;white-space:normal;vertical-align:top;min-width:64px}
.plain td:last-child,.plain th:last-child{min-width:220px}
.plain th:first-child{position:static}
.plain td:first-child code{white-space:nowrap}
pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
@media (prefers-color-scheme:dark){.method{color:${COLOURS.teal.dark}}.method.post{color:${COLOURS.orange.dark}}}
`;
