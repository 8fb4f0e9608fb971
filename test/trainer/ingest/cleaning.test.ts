import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, productsOf, run, temporaryFolder } from './ingest-run.ts';

const codesOf = async (out: string) => (await productsOf(out)).map((product) => product['code']);

function csv(header: string, ...lines: readonly string[]): string {
  const path = join(temporaryFolder(), 'rows.csv');
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

const HEADER = 'code,energy_100g,fat_100g,saturated-fat_100g,sugars_100g,fiber_100g,proteins_100g,salt_100g';
const LABEL = '1500,5,1,10,4,8,0.5';

describe('cleaning', () => {
  it('keeps of one code the row that was modified last, else the fullest, else the first', async () => {
    const { out } = await run(
      csv(
        `${HEADER},last_modified_t,product_name`,
        `1,${LABEL},5,older`,
        '1,1500,,,,,,,9,newer',
        '2,1500,5,,,,,,5,poor',
        `2,${LABEL},5,full`,
        `2,${LABEL},5,full and late`,
        `3,${LABEL},,undated`,
        '3,1500,,,,,,,1,dated',
      ),
    );
    const names = (await productsOf(out)).map((product) => product['product_name']);
    expect(names).toEqual(['newer', 'full', 'dated']);
  });

  it.each(['France', 'en:france', ' FRANCE '])('keeps the rows of the country %s', async (country) => {
    const { card } = await run(fixture('official.parquet'), { country });
    expect(card.rows.dropped.wrongCountry).toBe(2);
    expect(card.rows.kept).toBe(6);
  });

  it('finds a country by its own name, accents and all, in a text of names', async () => {
    const source = csv(`${HEADER},countries`, `1,${LABEL},"Francia, España"`, `2,${LABEL},Portugal`);
    const { out } = await run(source, { country: 'espana' });
    expect(await codesOf(out)).toEqual(['1']);
  });

  it('draws a sample of the very size, the same for a seed and another for another', async () => {
    const source = csv(HEADER, ...Array.from({ length: 300 }, (_, row) => `${1000 + row},${LABEL}`));
    const draw = async (seed: number) => codesOf((await run(source, { sample: 50, seed })).out);
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    expect(first).toHaveLength(50);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('has one fingerprint whatever the threads and the order of the rows', async () => {
    const lines = Array.from({ length: 6000 }, (_, row) => `${10_000 + row},${LABEL}`);
    const folder = temporaryFolder();
    const paths = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name));
      return join(folder, name, 'rows.csv');
    });
    writeFileSync(paths[0] ?? '', `${[HEADER, ...lines].join('\n')}\n`);
    writeFileSync(paths[1] ?? '', `${[HEADER, ...lines.reverse()].join('\n')}\n`);
    const one = await run(paths[0] ?? '', { threads: 1 });
    const two = await run(paths[0] ?? '', { threads: 3 });
    const reversed = await run(paths[1] ?? '');
    expect(two.card).toEqual(one.card);
    expect(reversed.card.fingerprint).toBe(one.card.fingerprint);
    const changed = await run(csv(HEADER, ...lines.slice(1), `10000,${LABEL.replace('0.5', '0.6')}`));
    expect(changed.card.fingerprint).not.toBe(one.card.fingerprint);
  });

  it('joins the files of a pattern, and tells apart those of one name and their row numbers', async () => {
    const folder = temporaryFolder();
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'rows.csv'), `${HEADER.slice(5)}\n${LABEL}\n`);
    }
    const { out, card } = await run(join(folder, '*', 'rows.csv'));
    expect(card.sources.map(({ name, kept }) => [name, kept])).toEqual([
      ['rows', 1],
      ['rows~2', 1],
    ]);
    expect(await codesOf(out)).toEqual(['rows#1', 'rows~2#1']);
  });

  it('counts lines that do not fit the header, and keeps the others', async () => {
    const { card } = await run(csv(HEADER, `1,${LABEL}`, '2,3,4', `3,${LABEL}`));
    expect(card.rows).toMatchObject({ read: 3, kept: 2, dropped: { unreadableLine: 1 } });
    expect(card.sources[0]?.unreadableLines).toBe(1);
  });

  it('leaves nothing but the dataset, its card and its page', async () => {
    const { out } = await run(fixture('flat.tsv'));
    expect(readdirSync(out).sort()).toEqual(['DATA_CARD.md', 'data-card.json', 'products.parquet']);
  });
});

describe('labels', () => {
  const gradesOf = async (source: string) => {
    const { out, card } = await run(source);
    return { grades: (await productsOf(out)).map((product) => product['nutriscore_grade']), card };
  };

  it('are not taken from a file of that column alone, as dumps of the older rules have it', async () => {
    const { grades, card } = await gradesOf(csv(`${HEADER},nutriscore_grade`, `1,${LABEL},b`));
    expect(grades).toEqual([null]);
    expect(card.sources[0]).toMatchObject({ gradeRules: 'older', gradesWithheld: 1 });
  });

  it('are taken where the file has what came with the 2023 rules', async () => {
    const { grades, card } = await gradesOf(
      csv(
        `${HEADER},nutriscore_grade,environmental_score_grade`,
        `1,${LABEL},B,`,
        `2,${LABEL},unknown,`,
        `3,${LABEL},not-applicable,`,
      ),
    );
    expect(grades).toEqual(['b', null, null]);
    expect(card.sources[0]).toMatchObject({ gradeRules: '2023', gradesWithheld: 0 });
  });

  it('are taken row by row where each row says its rules', async () => {
    const { grades, card } = await gradesOf(
      csv(`${HEADER},nutriscore_grade,nutriscore_version`, `1,${LABEL},b,2023`, `2,${LABEL},c,2021`),
    );
    expect(grades).toEqual(['b', null]);
    expect(card.sources[0]?.gradesWithheld).toBe(1);
  });

  it('are never those of the 2017 rules', async () => {
    const { grades, card } = await gradesOf(fixture('older-dump.csv'));
    expect(grades.every((grade) => grade === null)).toBe(true);
    expect(card.sources[0]?.gradesWithheld).toBe(10);
    expect(card.labels.reported).toEqual({ a: 0, b: 0, c: 0, d: 0, e: 0 });
  });
});
