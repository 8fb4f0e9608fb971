/** The endpoint beside the local stack, with the shipped model: what the documents show. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GradedItem, GradeListResponse, GradingsResponse, Readiness } from '../../schemas/http.ts';
import { openApiDocument } from '../../schemas/openapi.ts';
import { GRADE_EXAMPLES } from '../../schemas/openapi-examples.ts';
import { createParser } from '../../schemas/parse.ts';
import { WORKER_NODE_FLAGS } from '../../schemas/worker-node-flags.ts';
import { createWorkerHand, gradeItem } from '../producer/records.ts';
import { type Desk, openDesk, SHIPPED_MODEL } from './harness.ts';

const run = promisify(execFile);
const DOCUMENTED = 'http://127.0.0.1:8080';
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

let desk: Desk;
let url: string;
beforeAll(async () => {
  desk = await openDesk({ workers: 0, modelFolder: SHIPPED_MODEL, endpointPort: 0 });
  url = desk.stack.endpoint?.address ?? '';
  await createWorkerHand(desk.stack.environment).putGrades(gradeItem('3017620422003'));
});
afterAll(() => desk.close());

it.runIf(process.platform === 'linux')(
  'runs without the options of a worker, which would cost it a tenth',
  () => {
    const command = readFileSync(`/proc/${desk.stack.endpoint?.pid}/cmdline`, 'utf8').split('\0');
    expect(command.join(' ')).toContain('worker/endpoint-main.ts');
    expect(command.filter((argument) => WORKER_NODE_FLAGS.some((flag) => flag === argument))).toEqual([]);
  },
);

const graded = createParser('an item', GradedItem);
const listed = createParser('a list', GradeListResponse);

describe('what the documents show with curl', () => {
  const page = `${read('docs/endpoint.md')}\n${read('README.md')}`;
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const commands = blocks
    .flatMap((block) => block.split(/\n(?=curl )/))
    .filter((command) => command.startsWith('curl '));

  const answerOf = async (command: string): Promise<unknown> => {
    expect(command).toContain(DOCUMENTED);
    const { stdout } = await run('bash', ['-c', command.replaceAll(DOCUMENTED, url)]);
    return JSON.parse(stdout);
  };

  it('is each answered as its document says', async () => {
    const [one, explained, list, gradings, readiness, ...more] = await Promise.all(commands.map(answerOf));
    const [shown = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    const { modelVersion, ...told } = graded.parse(JSON.parse(shown));
    expect(graded.parse(one)).toEqual({ ...told, modelVersion: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(modelVersion).toHaveLength(16);
    expect(graded.parse(explained).contributions?.map(({ text }) => text)).toContain(
      'sugars 32 g: pushes toward E',
    );
    const { items } = listed.parse(list);
    expect(items.map(({ outcome }) => outcome)).toEqual(['graded', 'rejected', 'invalid']);
    expect(createParser('gradings', GradingsResponse).parse(gradings).code).toBe('3017620422003');
    expect(createParser('readiness', Readiness).parse(readiness)).toMatchObject({
      status: 'ready',
      explains: true,
    });
    for (const answer of more) graded.parse(answer);
  });
});

describe('what README shows with the command', () => {
  it('grades against the local stack', async () => {
    const [line = ''] = /(?<=npx nutrisage )grade --sugars.*/.exec(read('README.md')) ?? [];
    const { code, stdout, stderr } = await desk.nutrisage(...line.split(' '));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^The item is graded [A-E], by the model/);
    expect((await desk.nutrisage('show', '3017620422003')).code).toBe(0);
  });
});

describe('the OpenAPI document', () => {
  it('is the kept one, and its examples are answered as it says', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const served = await (await fetch(`${url}/openapi.json`)).json();
    expect(served).toEqual(JSON.parse(JSON.stringify(openApiDocument(version))));
    for (const { value } of Object.values(GRADE_EXAMPLES)) {
      const response = await fetch(`${url}/grade`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(value),
      });
      expect(response.status).toBe(200);
      const answer = await response.json();
      if (Array.isArray(value)) expect(listed.parse(answer).items).toHaveLength(value.length);
      else graded.parse(answer);
    }
  });

  it('is shown as a page that refers to nothing outside', async () => {
    const response = await fetch(`${url}/docs`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    for (const path of Object.keys(openApiDocument('0').paths)) expect(page).toContain(path);
    expect([...page.matchAll(/(?:src|href)="(https?:[^"]*)"/g)]).toEqual([]);
  });
});

describe('the metrics of the endpoint', () => {
  it('tell of requests, rows and the model', async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/nutrisage_requests_total\{.*route="\/grade".*status="2xx".*\} \d+/i);
    expect(text).toMatch(/nutrisage_rows_graded_total\{[^}]*source="official"[^}]*\} [1-9]/i);
    expect(text).toContain('nutrisage_model_version_info');
  });
});
