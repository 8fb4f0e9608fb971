/** The style sheet of the report; light and dark by what the reader's system prefers. */
import { COLOURS, darkRules } from './palette.ts';

type Scheme = 'light' | 'dark';

function variables(scheme: Scheme): string {
  return Object.entries(COLOURS)
    .map(([role, colours]) => `--${role}:${colours[scheme]}`)
    .join(';');
}

export const PAGE_STYLE = `
:root{color-scheme:light dark;${variables('light')};--panel:#f5f7f9}
@media (prefers-color-scheme:dark){:root{${variables('dark')};--panel:#1c2229}${darkRules('figure')}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:940px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:21px;line-height:1.3;margin:56px 0 6px}
p{margin:0 0 12px;max-width:70ch}
.muted{color:var(--muted);font-size:14px}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:24px 0;padding:0}
.tiles div{background:var(--panel);border-radius:10px;padding:14px 16px}
.tiles dt{color:var(--muted);font-size:14px;line-height:1.35}
.tiles dd{margin:0;font-size:25px;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
figure{margin:20px 0 12px}
figure svg{display:block;width:100%;height:auto}
figure .narrow{display:none}
figcaption{color:var(--muted);font-size:14px;margin-top:10px;max-width:75ch}
details{border-top:1px solid var(--line);padding:10px 0}
details+details{margin-top:0}
summary{cursor:pointer;color:var(--accent);font-size:15px}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.scroll{overflow-x:auto;margin:12px 0 20px}
table{border-collapse:collapse;font-size:14px;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:6px;white-space:nowrap}
th,td{padding:6px 14px 6px 0;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{color:var(--muted);font-weight:500;vertical-align:bottom}
th:first-child{text-align:left;font-weight:500;position:sticky;left:0;background:var(--paper)}
.words th:last-child,.words td:last-child{text-align:left;white-space:normal;min-width:240px}
pre{background:var(--panel);border-radius:10px;padding:14px 16px;margin:12px 0;white-space:pre-wrap;overflow-wrap:anywhere}
@media (max-width:640px){main{padding:24px 16px 48px}h1{font-size:25px}h2{margin-top:44px}.tiles{grid-template-columns:1fr 1fr;gap:8px}.tiles dd{font-size:21px}figure .wide{display:none}figure .narrow{display:block}}
@media print{details::details-content{content-visibility:visible}figure{break-inside:avoid}}
`;
