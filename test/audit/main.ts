/**
 * `npm run audit`: what is known to be unsafe among the packages that are installed in production. An advisory may be
 * allowed in `allowed.json`, with a reason and the day on which somebody must look at it again; nothing else is.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Allowance, type AuditReport, judgeAudit } from './judge-audit.ts';

const allowed = JSON.parse(readFileSync(new URL('./allowed.json', import.meta.url), 'utf8')) as Allowance[];

const report = await new Promise<AuditReport>((resolve, reject) => {
  // It ends with code 1 where it finds something, and tells all the same.
  execFile('npm', ['audit', '--json', '--omit=dev'], { maxBuffer: 2 ** 26 }, (error, stdout) => {
    const text = stdout.trim();
    if (text === '') reject(error ?? new Error('npm audit says nothing.'));
    else resolve(JSON.parse(text) as AuditReport);
  });
});

const complaints = judgeAudit(report, allowed, new Date());
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
if (complaints.length === 0) process.stdout.write('No advisory that is not allowed.\n');
process.exitCode = complaints.length === 0 ? 0 : 1;
