/** `MODEL_CARD.md`: what the model is, what it was made of, how good it is, how to make it again. */
import { FEATURES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { ModelManifest } from '../../schemas/model.ts';
import type { Parity } from '../onnx/onnx-parity.ts';
import { SOURCE_RULES } from '../rows/source-table.ts';
import type { Evaluation } from './evaluation.ts';

export interface CardInput {
  readonly manifest: ModelManifest;
  readonly evaluations: readonly Evaluation[];
  readonly parity: Parity;
  /** Command that makes the same model again. */
  readonly command: string;
}

export function modelCard(input: CardInput): string {
  const sections = [
    head(input.manifest),
    data(input.manifest),
    accuracy(input.evaluations),
    confusion(input.evaluations),
  ];
  return `${[...sections, features(), reproduction(input)].join('\n\n')}\n`;
}

function head({ version, onnx, rules, createdAt }: ModelManifest): string {
  return `# Model ${version}

Predicts the Nutri-Score grade (${rules} rules) of a product from its nutrition facts, also where fibre, fruit share,
saturated fat or the category are not known. Gradient-boosted trees (XGBoost): ${onnx.trees} trees of depth ${onnx.maxDepth} at most,
${(onnx.bytes / 1e6).toFixed(1)} MB as ONNX. Made ${createdAt}.

It is no substitute for the official grade where the rules can be applied, and its probabilities are those of
the made products below: a category or a market that Open Food Facts hardly holds is graded with less certainty than
they say.`;
}

function data({ trainingData }: ModelManifest): string {
  const rows = trainingData.sources.map(({ name, rows: count }) => {
    const description =
      SOURCE_RULES.find((rule) => rule.name === name)?.description ?? 'made of the rows above';
    return `| ${name} | ${count} | ${description} |`;
  });
  return `## Data

${trainingData.attribution}. Database: Open Database Licence 1.0; contents: Database Contents Licence.

| source | rows trained on | what it is |
|---|---|---|
${rows.join('\n')}

Rows that validation rejects were dropped. A reported grade is the one Open Food Facts computed with the 2023 rules; other
rows are graded by those rules where the inputs that decide are there. No grade of the 2017 or 2021 rules was used. \`made\`
rows are real rows whose gaps were filled from near rows, moved by about 20 %, graded by the rules and given the gaps
of real rows. Products were split by their nutrition values before anything was made of them.`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;
}

function accuracy(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.map(
    ({ name, description, rowCount, accuracy: exact, macroF1, withinOneGrade, rules }) =>
      `| ${name} | ${description} | ${rowCount} | ${percent(exact)} | ${macroF1.toFixed(3)} | ` +
      `${percent(withinOneGrade)} | ${percent(rules.accuracy)} of ${rules.rowCount} |`,
  );
  return `## Accuracy on products not trained on

The first lines are real rows as they stand in the files. The lines from \`complete\` on are held-out products made whole
from near rows and graded by the rules, then stripped of one input. The last column is the official rules on
the rows where they give a grade, absent fibre and fruit share counted as 0.

| rows | what | count | accuracy | macro F1 | within one grade | rules |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function confusion(evaluations: readonly Evaluation[]): string {
  const all = evaluations.find(({ name }) => name === 'all');
  const rows = GRADES.map((grade, at) => `| **${grade}** | ${(all?.confusion[at] ?? []).join(' | ')} |`);
  return `## Confusion, rows \`all\`

| true, then predicted | ${GRADES.join(' | ')} |
|---|${GRADES.map(() => '---|').join('')}
${rows.join('\n')}`;
}

function features(): string {
  const rows = FEATURES.map(({ name, unit, meaning }) => `| \`${name}\` | ${unit} | ${meaning} |`);
  return `## Features

| name | unit | meaning |
|---|---|---|
${rows.join('\n')}

Missing values are \`NaN\`. Neither the official score nor its points are among them.`;
}

function reproduction({ manifest, parity, command }: CardInput): string {
  const libraries = Object.entries(manifest.libraries).map(([name, version]) => `${name} ${version}`);
  return `## Reproduce

    ${command}

The same files, options and libraries (${libraries.join(', ')}) give the same bytes. Before it was written, the ONNX file
was compared with XGBoost on ${parity.rows} rows: probabilities differ by at most ${parity.differenceMax.toExponential(1)}, no label differs.`;
}
