import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import type { ReportData } from '../../../schemas/report-data.ts';
import { renderReport } from '../../../trainer/report/render-report.ts';
import { madeReport, madeSlice } from './made-report.ts';

const FIGURES = [
  'accuracy_by_slice.svg',
  'confusion_matrix.svg',
  'reliability.svg',
  'feature_importance.svg',
  'learning_curve.svg',
  'study.svg',
];

/** What a reader sees, with spaces that break. */
const textOf = (markup: string): string =>
  markup
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ');

const figure = (data: ReportData, name: string): string => renderReport(data).figures[`${name}.svg`] ?? '';

describe('the report of a model', () => {
  it('has every figure that its data can draw', () => {
    expect(Object.keys(renderReport(madeReport()).figures)).toEqual(FIGURES);
  });

  it('is the same bytes for the same data, however often charts were drawn before', () => {
    const first = renderReport(madeReport());
    renderReport(madeReport({ learningCurve: [] }));
    expect(renderReport(madeReport())).toEqual(first);
  });

  it('carries no trace of the count of charts that ECharts keeps', () => {
    const { html, figures } = renderReport(madeReport());
    for (const markup of [html, ...Object.values(figures)]) {
      expect(markup).not.toMatch(/zr\d+-|ecmeta|<script/);
    }
  });

  it('needs no network and no script', () => {
    const { html } = renderReport(madeReport());
    const addresses = [...html.matchAll(/(?:https?:)?\/\/[\w.]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org']));
    expect(html).not.toMatch(/<(?:script|link|img|iframe|object)\b|\bsrc=|url\((?!#)/);
    expect(html).toContain("default-src 'none'");
  });

  it('says in plain words how often the model is right, against what, and what it looks at', () => {
    const text = textOf(renderReport(madeReport()).html).replaceAll(/\s+/g, ' ');
    expect(text).toContain('gives the true grade on 90.0 % and is at most one grade off on 99.0 %');
    expect(text).toContain('differs by 1.2 points on average from how often it is right');
    expect(text).toContain(
      'ahead of everything it is compared with on 2 of 2 slices, most clearly on “all” (90.0 % against 80.0 % of rules, missing as zero).',
    );
    expect(text).toContain('does best on “all” (90.0 %) and worst on “without fibre” (85.0 %)');
    // Contributions grow along the table of features.
    const [third, second, first] = FEATURE_NAMES.slice(-3).map((name) => name.replaceAll('_', ' '));
    expect(text).toContain(`What it looks at most: ${first}, ${second} and ${third}.`);
  });

  it('says so where the model is behind what it is compared with', () => {
    const [majority] = madeSlice().baselines;
    if (majority === undefined) throw new Error('no baseline');
    const slices = [madeSlice({ baselines: [{ ...majority, accuracy: 0.95 }] })];
    expect(textOf(renderReport(madeReport({ slices })).html)).toContain(
      'on 0 of 1 slices. It is behind on 1, most on “all” (90.0 % against 95.0 % of majority).',
    );
  });

  it('leaves out figures and sentences that have nothing to stand on', () => {
    const { study: _, ...data } = madeReport({
      learningCurve: [],
      slices: [
        madeSlice({
          rows: 0,
          accuracy: null,
          macroF1: null,
          withinOne: null,
          logLoss: null,
          ece: null,
          baselines: [],
          reliability: [],
          confusion: [0, 0, 0, 0, 0].map(() => [0, 0, 0, 0, 0]),
        }),
      ],
    });
    const { html, figures } = renderReport(data);
    expect(Object.keys(figures)).toEqual([
      'accuracy_by_slice.svg',
      'confusion_matrix.svg',
      'feature_importance.svg',
    ]);
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('names and describes every drawing to who cannot see it, under ids of its own', () => {
    const { html } = renderReport(madeReport());
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...html.matchAll(/aria-labelledby="([^"]*)"/g)].flatMap(([, of]) => of?.split(' '));
    expect(references).toHaveLength(FIGURES.length * 2 * 2);
    for (const reference of references) expect(ids).toContain(reference);
  });

  it('points every clip path at one that is there', () => {
    const { html } = renderReport(madeReport());
    const used = [...html.matchAll(/url\(#([^)]*)\)/g)].map(([, id]) => id ?? '');
    expect(used.length).toBeGreaterThan(0);
    for (const id of used) expect(html).toContain(`<clipPath id="${id}"`);
  });

  it('shows text from the data as text, in the page and in the drawings', () => {
    const evil = '</svg><script>alert("1")</script>&\'\u0007';
    const [feature, ...others] = madeReport().importance.features;
    if (feature === undefined) throw new Error('no feature');
    const { html, figures } = renderReport(
      madeReport({
        command: evil,
        parameters: { [evil]: evil },
        slices: [
          madeSlice({
            name: evil,
            description: evil,
            baselines: madeSlice().baselines.map((one) => ({ ...one, name: evil + one.name })),
          }),
        ],
        importance: { rows: 1, features: [{ ...feature, name: evil, meaning: evil }, ...others] },
        study: { objective: evil, courses: [{ sampler: evil, trials: [{ trial: 1, loss: 1, best: 1 }] }] },
      }),
    );
    for (const markup of [html, ...Object.values(figures)]) {
      expect(markup).not.toContain('<script');
      expect(markup).not.toContain('\u0007');
      expect(markup.match(/<svg/g)).toHaveLength(markup === html ? 12 : 1);
      expect(markup.match(/<\/svg>/g)).toHaveLength(markup === html ? 12 : 1);
    }
    expect(html).toContain('&lt;script&gt;');
  });

  it('writes no letter smaller than 12 pixels', () => {
    const { html, figures } = renderReport(madeReport());
    const sizes = [html, ...Object.values(figures)].flatMap((markup) =>
      [...markup.matchAll(/font-size[=:]"?([\d.]+)/g)].map(([, size]) => Number(size)),
    );
    expect(sizes.length).toBeGreaterThan(100);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });

  it('draws nothing outside of its frame', () => {
    for (const svg of Object.values(renderReport(madeReport()).figures)) {
      const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
      for (const [, x, y] of svg.matchAll(/transform="translate\(([-\d.]+)[ ,]([-\d.]+)\)"/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x)).toBeLessThanOrEqual(Number(width));
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(Number(height));
      }
    }
  });
});

describe('the figures', () => {
  it('stack contributions in the five colours of the Nutri-Score', () => {
    const svg = figure(madeReport(), 'feature_importance');
    for (const colour of ['#038141', '#85bb2f', '#fecb02', '#ee8100', '#e63e11']) {
      // One bar a feature and one sample in the legend.
      expect(svg.split(`fill="${colour}"`)).toHaveLength(1 + FEATURE_NAMES.length + 1);
    }
  });

  it('give counts and shares of the true grade in the confusion matrix', () => {
    const text = textOf(figure(madeReport(), 'confusion_matrix'));
    expect(text.match(/\b180\b/g)).toHaveLength(5);
    expect(text.match(/\b2\.5 %/g)).toHaveLength(20);
  });

  it('state the calibration error and the rows of each bin in the reliability diagram', () => {
    const text = textOf(figure(madeReport(), 'reliability'));
    expect(text).toContain('Expected calibration error 1.23 %');
    expect(text).toMatch(/\b40\b/);
    expect(text).toMatch(/\b960\b/);
  });

  it('mark the round where validation was best', () => {
    expect(textOf(figure(madeReport(), 'learning_curve'))).toContain('best: 0.300 after round 61');
  });

  it('turn dark where the reader prefers it', () => {
    const svg = figure(madeReport(), 'study');
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).toContain('[fill="#ffffff"]{fill:#14181d}');
  });
});
