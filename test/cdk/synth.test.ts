import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { addStage, createApp } from '../../cdk/build-app.ts';
import { FULL, synthesise, synthesiseAnew } from './stages.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the synthesis', () => {
  it('gives the same templates each time', () => {
    expect(synthesiseAnew(FULL).json).toEqual(synthesiseAnew(FULL).json);
  });

  it('gives the templates that were looked at (else: vitest -u, and look at them again)', async () => {
    const { json } = synthesise(FULL, { subjectPrefix: 'repo:acme/nutrisage', environment: 'production' });
    await expect(`${JSON.stringify(json, null, 1)}\n`).toMatchFileSnapshot('templates.snap');
  });

  it('fails for what the checks of good practice find', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'nutrisage-synth-'));
    try {
      const app = createApp(outdir);
      const { data } = addStage(app, FULL);
      new Bucket(data, 'Careless');
      expect(() => app.synth()).toThrow('AwsSolutions-S10');
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  it('says every fault of a stage in one message', async () => {
    const app = join(ROOT, 'cdk/app.ts');
    const context = JSON.stringify({ stage: 'dev', region: 'moon', monthlyBudgetDollars: '-1' });
    const env = { PATH: process.env['PATH'], CDK_CONTEXT_JSON: context };
    await expect(execute(process.execPath, [app], { cwd: ROOT, env })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^Stage dev can not be deployed:\n {2}- its region is "moon".*\n {2}- monthlyBudget/,
      ),
    });
  });

  it('works by the command, without an account, credentials or a network', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'nutrisage-synth-'));
    try {
      const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
      const nowhere = 'http://127.0.0.1:9';
      await execute(process.execPath, [cdk, 'synth', '--quiet', '--output', outdir], {
        cwd: ROOT,
        env: {
          PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
          HOME: outdir,
          AWS_EC2_METADATA_DISABLED: 'true',
          HTTP_PROXY: nowhere,
          HTTPS_PROXY: nowhere,
        },
      });
      const names = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
      expect(names.toSorted()).toEqual([
        'NutriSage-dev-Data.template.json',
        'NutriSage-dev-Service.template.json',
      ]);
      // Both images come from the sources.
      const assets = JSON.parse(readFileSync(join(outdir, 'NutriSage-dev-Service.assets.json'), 'utf8'));
      const files = Object.values<{ source: { dockerFile: string } }>(assets.dockerImages).map(
        ({ source }) => source.dockerFile,
      );
      expect(files.toSorted()).toEqual(['image/trainer.Dockerfile', 'image/worker.Dockerfile']);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  }, 120_000);
});
