import { describe, expect, it } from 'vitest';
import { decimal, readPasted } from '../../../../worker/endpoint/page/browser/paste.ts';

const FIELDS = [
  'categories',
  'energyKj',
  'energyKcal',
  'fat',
  'saturatedFat',
  'sugars',
  'salt',
  'isSweetened',
];
const pasted = (text: string) => readPasted(text, FIELDS);

describe('the text of a label', () => {
  it.each([
    [
      'English',
      'Energy 2252 kJ / 539 kcal\nFat 30.9 g\nof which saturates 10.6 g\nCarbohydrate 57.5 g\nof which sugars 56.3 g\nFibre 3.4 g\nProtein 6.3 g\nSalt 0.107 g',
    ],
    [
      'French',
      'Énergie 2252 kJ / 539 kcal\nMatières grasses 30,9 g\ndont acides gras saturés 10,6 g\nGlucides 57,5 g\ndont sucres 56,3 g\nFibres 3,4 g\nProtéines 6,3 g\nSel 0,107 g',
    ],
    [
      'German',
      'Energie 2252 kJ / 539 kcal\nFett 30,9 g\ndavon gesättigte Fettsäuren 10,6 g\nKohlenhydrate 57,5 g\ndavon Zucker 56,3 g\nBallaststoffe 3,4 g\nEiweiß 6,3 g\nSalz 0,107 g',
    ],
    [
      'Spanish',
      'Energía 2252 kJ / 539 kcal\nGrasas 30,9 g\nde las cuales saturadas 10,6 g\nHidratos de carbono 57,5 g\nde los cuales azúcares 56,3 g\nFibra alimentaria 3,4 g\nProteínas 6,3 g\nSal 0,107 g',
    ],
  ])('is read in %s', (_, text) => {
    expect(pasted(text)).toEqual({
      energyKj: '2252',
      energyKcal: '539',
      fat: '30.9',
      saturatedFat: '10.6',
      carbohydrates: '57.5',
      sugars: '56.3',
      fibre: '3.4',
      proteins: '6.3',
      salt: '0.107',
    });
  });

  it('may stand in one line, and give salt as sodium in milligrams', () => {
    expect(pasted('Energy 180kJ, Fat <0.5g, Sugars 10.6 g; Sodium 40 mg')).toEqual({
      energyKj: '180',
      fat: '0.5',
      sugars: '10.6',
      salt: '0.1',
    });
  });

  it('gives nothing where there is nothing of a label', () => {
    expect(pasted('Best before: see lid')).toEqual({});
    expect(pasted('')).toEqual({});
  });
});

describe('pasted JSON', () => {
  it('is read by plain names and those of Open Food Facts', () => {
    const item = { sugars_100g: 3, fat: 1.5, categories_tags: ['en:sodas', 'en:colas'], isSweetened: true };
    expect(pasted(JSON.stringify({ ...item, salt_100g: null, brand: 'x' }))).toEqual({
      sugars: '3',
      fat: '1.5',
      categories: 'en:sodas, en:colas',
      isSweetened: 'true',
    });
  });

  it('gives nothing where it is none', () => {
    expect(pasted('{"sugars": 3')).toEqual({});
  });
});

describe('a number as people write it', () => {
  it.each([
    ['3', 3],
    ['3,5', 3.5],
    [' 0.5 ', 0.5],
    ['.5', 0.5],
    ['3.', 3],
  ])('%j is one', (text, number) => expect(decimal(text)).toBe(number));
  it.each(['', '.', '3g', '1,000,000', '-3', '1e3', '0x10'])('%j is none', (text) =>
    expect(decimal(text)).toBeNaN(),
  );
});
