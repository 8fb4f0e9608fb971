import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GradedItem, GradeListResponse } from '../../../../schemas/http.ts';
import { GRADE_EXAMPLES } from '../../../../schemas/openapi-examples.ts';
import { createParser } from '../../../../schemas/parse.ts';
import type { AppPorts } from '../../../../worker/endpoint/http/app.ts';
import { ProblemError } from '../../../../worker/endpoint/http/problem.ts';
import { servingModel, slowly } from '../made-model.ts';
import { IMPOSSIBLE, LOOSE, SPREAD, spreads } from '../products.ts';
import { type Served, serve } from './serve.ts';

const gradedItem = createParser('graded item', GradedItem);
const listResponse = createParser('list response', GradeListResponse);

let endpoint: Served;
beforeAll(async () => {
  endpoint = await serve();
});
afterAll(() => endpoint.close());

describe('POST /grade', () => {
  it('answers one item with its grade', async () => {
    const response = await endpoint.post(SPREAD);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const item = gradedItem.parse(await response.json());
    expect(item).toMatchObject({ code: SPREAD.code, grade: 'e', source: 'official' });
    expect(item.official?.points).toMatchObject({ energy: 6, sugars: 15, saturatedFat: 10, salt: 0 });
    expect(item).not.toHaveProperty('contributions');
  });

  it('counts a large body as no more items than it may have, until it is parsed', async () => {
    const counts: number[] = [];
    const desk: AppPorts['desk'] = {
      gradeOne() {},
      gradeMany(job, rows) {
        counts.push(rows);
        job.failed(new ProblemError('list-too-long'));
      },
      waitMs: () => 0,
    };
    const { post, close } = await serve({ ports: { desk } });
    const body = JSON.stringify(spreads(3000));
    await post(body);
    await post(body, {}, '/grade?explain=true');
    await post(spreads(100));
    await close();
    expect(counts.slice(0, 2)).toEqual([1000, 50]);
    expect(counts[2]).toBeGreaterThanOrEqual(100);
    expect(counts[2]).toBeLessThan(1000);
  });

  it('takes the names of Open Food Facts for the same', async () => {
    const { code, categories, ...rest } = SPREAD;
    const flat = {
      code,
      categories_tags: [categories],
      energy_100g: rest.energyKj,
      fat_100g: rest.fat,
      'saturated-fat_100g': rest.saturatedFat,
      carbohydrates_100g: rest.carbohydrates,
      sugars_100g: rest.sugars,
      fiber_100g: rest.fibre,
      proteins_100g: rest.proteins,
      salt_100g: rest.salt,
      'fruits-vegetables-legumes_100g': rest.fruitShare,
    };
    const [plain, other] = await Promise.all([endpoint.post(SPREAD), endpoint.post(flat)]);
    expect(await other.json()).toEqual(await plain.json());
  });

  it('answers a list with an outcome for each item, in their order', async () => {
    const response = await endpoint.post([SPREAD, IMPOSSIBLE, { sugar: 3 }, LOOSE]);
    expect(response.status).toBe(200);
    const { items } = listResponse.parse(await response.json());
    expect(items.map(({ outcome }) => outcome)).toEqual(['graded', 'rejected', 'invalid', 'graded']);
  });

  it('answers a thousand items, each as it is answered alone', async () => {
    const list = spreads(1000);
    const { items, modelVersion } = listResponse.parse(await (await endpoint.post(list)).json());
    expect(items).toHaveLength(1000);
    for (const place of [0, 199, 200, 999]) {
      const alone = gradedItem.parse(await (await endpoint.post(list[place])).json());
      expect(items[place]).toEqual(alone);
      expect(alone.modelVersion).toBe(modelVersion);
    }
  });

  it('says why, where it is asked, of one item and of each of a list', async () => {
    const one = gradedItem.parse(await (await endpoint.post(SPREAD, {}, '/grade?explain=true')).json());
    expect(one.contributions?.[0]?.text).toMatch(/^sugars 56.3 g: pushes toward [A-E]$/);
    const list = await endpoint.post([SPREAD, LOOSE, IMPOSSIBLE], {}, '/grade?explain=true');
    const { items } = listResponse.parse(await list.json());
    expect(items[0]).toEqual(one);
    expect(items[1]).toHaveProperty('contributions');
    for (const wrong of [IMPOSSIBLE, { sugar: 1 }]) {
      const refused = await endpoint.post(wrong, {}, '/grade?explain=true');
      expect(refused.headers.get('content-type')).toMatch(/problem/);
    }
  });

  it('reads UTF-8, with a byte order mark and without', async () => {
    for (const mark of ['', '\ufeff']) {
      const response = await endpoint.post(
        `${mark}{"code":"Käse 1","fat":3,"categories":"Fromages à pâte dure"}`,
      );
      expect(await response.json()).toMatchObject({ code: 'Käse 1' });
    }
  });

  it('takes a single item of any size that fits', async () => {
    const response = await endpoint.post({ ...SPREAD, name: 'x'.repeat(500_000) });
    expect(await response.json()).toMatchObject({ grade: 'e' });
  });

  it.each(Object.entries(GRADE_EXAMPLES))('grades the example "%s" of the document', async (_, { value }) => {
    const response = await endpoint.post(value);
    expect(response.status).toBe(200);
    (Array.isArray(value) ? listResponse : gradedItem).parse(await response.json());
  });

  it('answers the same with a scorer that answers later', async () => {
    const model = slowly(await servingModel());
    const other = await serve({ model: () => model });
    const bodies = [SPREAD, LOOSE, spreads(450), IMPOSSIBLE];
    const answers = (of: Served) => Promise.all(bodies.map(async (body) => (await of.post(body)).json()));
    const [direct, later] = await Promise.all([answers(endpoint), answers(other)]);
    const withoutIds = (answer: unknown) =>
      JSON.stringify(answer, (name, value) => (name === 'requestId' ? undefined : value));
    expect(withoutIds(later)).toBe(withoutIds(direct));
    await other.close();
  });

  it('goes on when a client leaves in the middle of its list', async () => {
    const leaving = new AbortController();
    const list = fetch(`${endpoint.url}/grade?explain=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(spreads(50)),
      signal: leaving.signal,
    });
    await endpoint.get('/health/live');
    leaving.abort();
    await expect(list).rejects.toThrow();
    expect((await endpoint.post(SPREAD)).status).toBe(200);
  });
});
