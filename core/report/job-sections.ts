/** The parts of a job's page that are not drift. */
import type { Failure } from '../../schemas/file-reference.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { StepSeconds } from '../../schemas/ledger.ts';
import { fileName } from '../jobs/job-files.ts';
import { type CodeRule, REJECTS, WARNINGS } from '../validation/codes.ts';
import { lengthBar } from './bars.ts';
import { escapeText } from './escape.ts';
import { count, percent } from './format-figures.ts';
import { formatDuration } from './format-times.ts';
import { table } from './html-table.ts';
import { ACCENT, GRADE_COLOURS, GRADE_LETTERS } from './palette.ts';

/** More of a kind are counted, not listed. */
const LISTED_MAX = 30;

export function failuresSection(summary: JobSummary): string {
  const { failure, failures, files } = summary;
  const all: readonly (readonly [string, Failure])[] = [
    ...(failure === undefined ? [] : [['the job', failure] as const]),
    ...files.flatMap((file) =>
      file.failure === undefined ? [] : [[fileName(file.input.key), file.failure] as const],
    ),
    ...failures.map((of) => [`shard ${of.shard}`, of.failure] as const),
  ];
  if (all.length === 0) return '';
  const listed = all
    .slice(0, LISTED_MAX)
    .map(
      ([place, { code, message, remedy }]) =>
        `<div class="failure"><p><strong>${escapeText(place)}</strong>: ${escapeText(message)} <code>${escapeText(code)}</code></p><p class="muted">${escapeText(remedy)}</p></div>`,
    );
  return `<section><h2>What failed</h2>
${listed.join('\n')}
${rest(all.length, 'failures')}<p>When the cause is mended: <code>nutrisage dlq redrive ${escapeText(summary.job)}</code></p></section>`;
}

export function gradesSection(summary: JobSummary): string {
  const { counts } = summary;
  if (counts.graded === 0) return '<section><h2>Grades</h2><p>No row was graded.</p></section>';
  const most = Math.max(...GRADES.map((grade) => counts.grades[grade]));
  const rows = GRADES.map((grade, index) => {
    const rows = counts.grades[grade];
    return chartRow(
      `<span class="letter g${index}">${GRADE_LETTERS[index]}</span>`,
      rows / most,
      GRADE_COLOURS[index] ?? ACCENT,
      `${count(rows)} (${percent(rows / counts.graded)})`,
      '',
    );
  });
  return `<section><h2>Grades</h2>
<figure class="chart">${rows.join('\n')}</figure>
<p>${escapeText(sourceSentence(summary))}</p>
<p>${escapeText(agreementSentence(summary))}</p></section>`;
}

function sourceSentence({ counts }: JobSummary): string {
  if (counts.official === 0) return 'The model gave every grade: in no row the rules have all they need.';
  if (counts.model === 0) return 'Every grade is the official one of the published rules.';
  const official = `${percent(counts.official / counts.graded)} of the grades are the official ones of the published rules`;
  const model = `the model gave the other ${count(counts.model)}`;
  const provisional =
    counts.provisional === 0
      ? ''
      : `, ${count(counts.provisional)} of them beside a provisional official grade`;
  return `${official}; ${model}, since the rules lack an input${provisional}.`;
}

/** Such as `Model and rules agree on 97.9 % of the 60,000 rows …`. */
export function agreementSentence({ counts, agreement, agreementCheck }: JobSummary): string {
  if (agreement === null) return 'No row has both a final official grade and a model grade to compare.';
  const agreed = `Model and rules agree on ${percent(agreement)} of the ${count(counts.compared)} rows that have both grades`;
  if (agreementCheck === undefined) return `${agreed}.`;
  const { low, high, expected, margin, verdict } = agreementCheck;
  const interval = `${agreed} (95 % interval: ${percent(low)} to ${percent(high)}); the model’s card says ${percent(expected)}`;
  if (verdict === 'as expected') return `${interval}.`;
  if (verdict === 'too little data') return `${interval}, and so few rows say little.`;
  return `${interval}. That is more than ${(margin * 100).toFixed(0)} points too low: look whether the inputs are what they say.`;
}

export function reasonsSection(
  title: string,
  reasons: Readonly<Record<string, number>>,
  rows: number,
  rules: readonly CodeRule[],
  note: string,
): string {
  const entries = Object.entries(reasons).sort(
    ([leftCode, left], [rightCode, right]) => right - left || (leftCode < rightCode ? -1 : 1),
  );
  if (entries.length === 0) return '';
  const sentences = new Map(rules.map(({ code, sentence }) => [code, sentence]));
  const body = table(
    title,
    ['reason', 'rows', 'share', 'what it means'],
    entries.map(([code, of]) => [code, count(of), percent(of / rows), sentences.get(code) ?? '']),
  );
  return `<section><h2>${escapeText(title)}</h2>
<p>${escapeText(note)}</p>
<div class="plain">${body}</div></section>`;
}

export function rejectsSection({ counts }: JobSummary): string {
  const note = `${count(counts.rejected)} of ${count(counts.rows)} rows must not be graded. A row may have several reasons; the rejects dataset has them all, with the values.`;
  return reasonsSection('Rejected rows', counts.rejectReasons, counts.rows, REJECTS, note);
}

export function warningsSection({ counts }: JobSummary): string {
  const note = 'Rows that were graded and flagged.';
  return reasonsSection('Warnings', counts.warnings, counts.rows, WARNINGS, note);
}

const STEPS: readonly (readonly [keyof StepSeconds, string])[] = [
  ['read', 'read'],
  ['grade', 'validate and grade'],
  ['write', 'write Parquet'],
  ['items', 'write items'],
];

export function timingsSection({ stepSeconds, seconds, rowsPerSecond }: JobSummary): string {
  const total = STEPS.reduce((sum, [step]) => sum + stepSeconds[step], 0);
  const most = Math.max(...STEPS.map(([step]) => stepSeconds[step]), Number.MIN_VALUE);
  const rows = STEPS.map(([step, name]) => {
    const of = stepSeconds[step];
    const share = total === 0 ? '' : ` (${percent(of / total)})`;
    return chartRow(escapeText(name), of / most, ACCENT, `${formatDuration(of)}${share}`, ' words');
  });
  return `<section><h2>Time</h2>
<p>${escapeText(`${formatDuration(seconds)} from submission to the last shard, ${count(rowsPerSecond)} rows a second. The threads’ own time, all workers together, went into:`)}</p>
<figure class="chart">${rows.join('\n')}</figure></section>`;
}

export function filesSection({ files, outputs, shards }: JobSummary): string {
  const body = table(
    'Files of the job',
    ['file', 'rows', 'shards'],
    files
      .slice(0, LISTED_MAX)
      .map(({ input, rows, shards: of }) => [fileName(input.key), count(rows), count(of)]),
  );
  const folders = [...new Set([...outputs.grades, ...outputs.rejects].map(folderOf))];
  const written = folders.map((folder) => `<li><code>${escapeText(folder)}</code></li>`).join('');
  return `<section><h2>Files</h2>
${files.length === 0 ? '' : body}${rest(files.length, 'files')}
<p class="muted">${escapeText(`${count(shards.done)} of ${count(shards.planned)} shards done. Written below the data bucket:`)}</p>
<ul>${written}</ul></section>`;
}

/** One line of a chart: a name, a bar, a figure. `name` is HTML. */
function chartRow(name: string, share: number, colour: string, figure: string, kind: string): string {
  return `<span class="name${kind}">${name}</span>${lengthBar(share, colour)}<span class="figure">${escapeText(figure)}</span>`;
}

function rest(all: number, what: string): string {
  return all <= LISTED_MAX ? '' : `<p class="muted">and ${count(all - LISTED_MAX)} more ${what}</p>\n`;
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
