/** `MODEL_CARD.md`: what the model is, what it was made of, how good it is, how to make it again. */
import { FEATURES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { ModelManifest } from '../../schemas/model.ts';
import type { Parity } from '../onnx/onnx-parity.ts';
import { SOURCE_RULES } from '../rows/source-table.ts';
import type { Evaluation } from './evaluation.ts';
import { type EvaluationSet, kindShares } from './evaluation-sets.ts';

export interface CardInput {
  readonly manifest: ModelManifest;
  /** One for each set, in the same order. */
  readonly evaluations: readonly Evaluation[];
  readonly sets: readonly EvaluationSet[];
  readonly parity: Parity;
  /** Command that makes the same model again. */
  readonly command: string;
}

export function modelCard(input: CardInput): string {
  const sections = [
    head(input.manifest),
    data(input.manifest),
    makeUp(input.sets),
    accuracy(input.evaluations),
    baselines(input.evaluations),
    confusion(input.evaluations),
  ];
  return `${[...sections, features(), reproduction(input)].join('\n\n')}\n`;
}

function head({ version, onnx, rules, createdAt }: ModelManifest): string {
  return `# Model ${version}

Predicts the Nutri-Score grade (${rules} rules) of a product from its nutrition facts, also where fibre, fruit share,
saturated fat or the category are not known. Gradient-boosted trees grown by XGBoost, each for all five grades
(\`docs/adr/0007-one-tree-for-all-grades.md\`): ${onnx.trees} trees of depth ${onnx.maxDepth} at most, ${(onnx.bytes / 1e6).toFixed(1)} MB as ONNX. Made ${createdAt}.

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
of real rows. Products were split by their nutrition values before anything was made of them: one part trains, one
chooses the number of rounds and the temperature, one judges.`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;
}

function makeUp(sets: readonly EvaluationSet[]): string {
  const [complete] = sets;
  const shares = Object.entries(complete === undefined ? {} : kindShares(complete.rows));
  const kinds = shares.map(([kind, share]) => `${kind} ${percent(share)}`).join(', ');
  const fruit = complete?.rows.pool.columns.nutrients.fruitShare ?? new Float64Array();
  const above = (limit: number): string =>
    percent(fruit.filter((share) => share > limit).length / fruit.length);
  return `## What it is judged on

Every held-out row that validation accepts, made whole: nutrients and categories as they stand in the files where they
are there (a third of the rows have a category), else borrowed from one of the five nearest training rows that has
them, categories only where the nutrition fits the kind (\`trainer/rows/plausible-categories.ts\`). Fruit shares that
no category implies are drawn by food group (\`trainer/rows/fruit-shares.ts\`), an assumption: hardly a real row states
one. A category that its own nutrition contradicts (a solid water) is replaced here, not in the rows of the sources.
Kinds: ${kinds}. Fruit share above 40 % on ${above(40)},
above 80 % on ${above(80)}. Products without a Nutri-Score are left out, nothing else is, and nothing was balanced.`;
}

function accuracy(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.map(
    ({ name, description, rows: count, accuracy: exact, macroF1, withinOne, logLoss, ece }) =>
      `| ${name} | ${description} | ${count} | ${percent(exact)} | ${macroF1.toFixed(3)} | ` +
      `${percent(withinOne)} | ${logLoss.toFixed(3)} | ${percent(ece)} |`,
  );
  return `## Accuracy on products not trained on

Calibration error: expected, of the most probable grade, 15 bins of equal width.

| rows | what | count | accuracy | macro F1 | within one grade | log loss | calibration error |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

Who compares several models on these rows and keeps the best reads its figures too hopefully; another \`--seed\` splits
the products anew. For the shipped model both were done: \`docs/models.md\`.`;
}

function baselines(evaluations: readonly Evaluation[]): string {
  const names = evaluations[0]?.baselines.map(({ name }) => name) ?? [];
  const rows = evaluations.map((evaluation) => {
    const others = evaluation.baselines.map(({ accuracy: exact }) => percent(exact ?? Number.NaN));
    return `| ${evaluation.name} | ${percent(evaluation.accuracy)} | ${others.join(' | ')} |`;
  });
  return `## Beside others, accuracy on the same rows

| rows | model | ${names.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${rows.join('\n')}

The rules take 0 for what is absent and food for an unknown category; where nothing that they use is hidden they are
right by definition, since they gave these grades.`;
}

function confusion(evaluations: readonly Evaluation[]): string {
  const tables = evaluations.map(({ name, confusion: counts }) => {
    const rows = GRADES.map((grade, at) => `| **${grade}** | ${(counts[at] ?? []).join(' | ')} |`);
    const head = `| ${name}: true, then predicted | ${GRADES.join(' | ')} |`;
    return `${head}\n|---|${GRADES.map(() => '---|').join('')}\n${rows.join('\n')}`;
  });
  return `## Confusion\n\n${tables.join('\n\n')}`;
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
