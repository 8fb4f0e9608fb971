/** The drift of a job as a part of its page: what moved first, each with training and job side by side. */
import type { DriftReport, DriftVerdict, FeatureDrift, GradeDrift } from '../../schemas/drift-report.ts';
import { endText } from '../drift/drift-sentences.ts';
import { driftHeadline, movedFeatures } from '../drift/moved-features.ts';
import { featurePairs, gapName, gradePairs, type SharePair } from '../drift/share-pairs.ts';
import { lengthBar, pairedBars } from './bars.ts';
import { escapeText } from './escape.ts';
import { decimal, percent } from './format-figures.ts';
import { table } from './html-table.ts';
import { ACCENT, GRADE_LETTERS, MUTED } from './palette.ts';

const STATE_CLASSES: Readonly<Record<DriftVerdict, string>> = {
  stable: 'good',
  moderate: 'notice',
  major: 'bad',
  'too little data': '',
};

/** Of two bars and their gap: a flag's would else be as wide as a hand. */
const PAIR_PIXELS_MAX = 84;
const FEW_ENDS = 6;

export function driftSection(drift: DriftReport): string {
  const { features, grades, against } = drift;
  const moved = movedFeatures(drift);
  const rest = features.filter((feature) => !moved.includes(feature));
  return `<section><h2>How far the rows lie from ${escapeText(against)}</h2>
<p>${escapeText(driftHeadline(drift))}</p>
${key(against)}
${isMoved(grades.verdict) ? gradeCard(grades, against) : ''}
${moved.map((feature) => featureCard(feature, against)).join('\n')}
${isMoved(grades.verdict) ? '' : fold('The model’s grades', gradeCard(grades, against))}
${fold(`${moved.length === 0 ? 'Every' : 'Every other'} feature, side by side`, rest.map((feature) => featureCard(feature, against)).join('\n'))}
${fold('Every feature in figures', figuresTable(features, against))}
</section>`;
}

function isMoved(verdict: DriftVerdict): boolean {
  return verdict === 'major' || verdict === 'moderate';
}

function key(against: string): string {
  return `<p class="key"><span>${lengthBar(1, MUTED)}${escapeText(against)}</span><span>${lengthBar(1, ACCENT)}this job</span><span>height: share of the rows</span></p>`;
}

function fold(label: string, content: string): string {
  return content === '' ? '' : `<details><summary>${escapeText(label)}</summary>\n${content}\n</details>`;
}

function featureCard(feature: FeatureDrift, against: string): string {
  const { label, unit, verdict, sentence } = feature;
  const title = unit === 'flag' || unit === 'index' ? label : `${label}, ${unit}`;
  const bars = pairedBars(featurePairs(feature), description(label, featurePairs(feature), against));
  return card(title, verdict, sentence, bars, endsOf(feature));
}

/** The bars as words, for who cannot see them. */
function description(of: string, pairs: readonly SharePair[], against: string): string {
  const words = pairs.map(
    ({ name, reference, current }) => `${name} ${percent(current)} (${percent(reference)} in ${against})`,
  );
  return `${of}: ${words.join(', ')}`;
}

/** What stands below a pair: a bin's lower end, which all its values reach. */
function endsOf({ unit, reference }: FeatureDrift): readonly string[] {
  if (unit === 'flag') return ['no', 'yes', gapName({ unit })].slice(-reference.counts.length - 1);
  const [first = Number.NaN] = reference.edges;
  const ends = [`<\u00a0${endText(first)}`, ...reference.edges.map((edge) => `≥\u00a0${endText(edge)}`)];
  return [...(reference.edges.length === 0 ? ['any'] : ends), gapName({ unit })];
}

function gradeCard(grades: GradeDrift, against: string): string {
  const pairs = gradePairs(grades);
  const bars = pairedBars(pairs, description('grades', pairs, against));
  return card('the model’s grades', grades.verdict, grades.sentence, bars, GRADE_LETTERS);
}

function card(
  title: string,
  verdict: DriftVerdict,
  sentence: string,
  bars: string,
  ends: readonly string[],
): string {
  const columns = `style="grid-template-columns:repeat(${ends.length},minmax(0,1fr))"`;
  const labels = ends
    .map((end, index) => `<span${endClass(index, ends.length)}>${escapeText(end)}</span>`)
    .join('');
  return `<article class="moved"><h3>${escapeText(title)} <span class="state ${STATE_CLASSES[verdict]}">${verdict}</span></h3>
<p>${escapeText(withUnits(capitalised(sentence)))}.</p>
<figure style="max-width:${ends.length * PAIR_PIXELS_MAX}px">${bars}<div class="ends" ${columns} aria-hidden="true">${labels}</div></figure></article>`;
}

function figuresTable(features: readonly FeatureDrift[], against: string): string {
  return table(
    `Measures of each feature, job against ${against}`,
    [
      'feature',
      'verdict',
      'index',
      'distance',
      'average',
      `in ${against}`,
      'shift',
      'missing',
      'beyond',
      'impossible',
    ],
    features.map((feature) => [
      feature.label,
      feature.verdict,
      decimal(feature.populationStabilityIndex),
      decimal(feature.jensenShannonDistance),
      decimal(feature.mean.current, 2),
      decimal(feature.mean.reference, 2),
      decimal(feature.meanShift, 2),
      sharesText(feature.missingShare),
      sharesText(feature.outOfRangeShare),
      sharesText(feature.impossibleShare),
    ]),
  );
}

function sharesText(change: FeatureDrift['missingShare']): string {
  return change === null ? '–' : `${percent(change.reference)} → ${percent(change.current)}`;
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A number and its unit stay on one line. */
function withUnits(sentence: string): string {
  return sentence.replaceAll(/(\d) (?=(?:g|kJ|%|steps|points)(?!\w))/g, '$1\u00a0');
}

/** Where there are many, a phone leaves out every other; the last is what is missing, and stays. */
function endClass(index: number, all: number): string {
  if (all <= FEW_ENDS) return '';
  return index % 2 === 1 && index < all - 1 ? ' class="odd"' : ' class="many"';
}
