/** What a job's page has beyond the style that all pages share. */
import { COLOURS, darkRules, GRADE_COLOURS } from './palette.ts';

const { orange, rose, teal } = COLOURS;

export const JOB_STYLE = `
h3{font-size:16px;margin:0;display:flex;flex-wrap:wrap;gap:10px;align-items:baseline}
.state{font-size:14px;font-weight:600;border-radius:6px;padding:2px 9px;border:1px solid currentColor}
.good{color:${teal.light}}.notice{color:${orange.light}}.bad{color:${rose.light}}
.chart{display:grid;grid-template-columns:max-content 1fr max-content;gap:8px 14px;align-items:center;margin:18px 0;font-variant-numeric:tabular-nums}
.chart svg{display:block;width:100%;height:20px;border-radius:3px}
.chart .name{display:flex;align-items:center;justify-content:center}
.chart .words{justify-content:flex-start}
.letter{display:inline-flex;width:28px;height:28px;border-radius:7px;align-items:center;justify-content:center;font-weight:700;color:#fff}
${GRADE_COLOURS.map((colour, grade) => `.letter.g${grade}{background:${colour}}`).join('')}.letter.g2{color:#1c2126}
.chart .figure{text-align:right;font-size:14px}
.moved{background:var(--panel);border-radius:10px;padding:16px 18px;margin:12px 0}
.moved p{margin:4px 0 0}
.moved figure{margin:14px 0 0}
.moved figure svg{width:100%;height:92px}
.ends{display:grid;color:var(--muted);font-size:12px;line-height:1.3;margin-top:4px;font-variant-numeric:tabular-nums}
.ends span{display:flex;justify-content:center;white-space:nowrap}
.key{display:flex;flex-wrap:wrap;gap:6px 20px;color:var(--muted);font-size:14px;margin:14px 0}
.key svg{display:inline-block;width:14px;height:10px;margin-right:7px;vertical-align:baseline}
.plain th:last-child,.plain td:last-child{text-align:left;white-space:normal;min-width:230px}
.failure{border-left:3px solid ${rose.light};padding:2px 0 2px 14px;margin:14px 0}
.failure p{margin:0}
@media (prefers-color-scheme:dark){${darkRules('.key')}.good{color:${teal.dark}}.notice{color:${orange.dark}}.bad{color:${rose.dark}}.failure{border-color:${rose.dark}}.chart svg{opacity:.94}}
@media (max-width:640px){.moved{padding:14px}.ends{font-size:11px}.ends .odd{visibility:hidden}.ends .many:last-child{justify-content:flex-end}}
`;
