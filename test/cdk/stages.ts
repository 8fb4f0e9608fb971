/** Stages for tests of the templates, each synthesised once a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { addStage, createApp, type DeliveryConfig } from '../../cdk/build-app.ts';
import { STAGES, type StageConfig } from '../../cdk/stage-config.ts';

/** A synthesis takes seconds, and on a machine that does other things a quarter of a minute. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** By name: an asset's hash would change with every source. */
const IMAGES = {
  from: 'registry',
  worker: 'registry.example/nutrisage/worker:1',
  trainer: 'registry.example/nutrisage/trainer:1',
} as const;

export const CERTIFICATE =
  'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

export function stageOf(
  name: 'dev' | 'demo' | 'production',
  changes: Partial<StageConfig> = {},
): StageConfig {
  const base = STAGES[name];
  if (base === undefined) throw new Error(`There is no stage ${name}.`);
  return { ...base, images: IMAGES, ...changes };
}

/** Everything that can be there, as one would run it for customers. */
export const FULL = stageOf('production', {
  endpoint: { tasksMin: 2, tasksMax: 10, listener: { certificateArn: CERTIFICATE } },
  trainer: { schedule: 'cron(0 3 1 * ? *)', sources: ['s3://exports/products.parquet'], isPromoting: true },
  inputBuckets: ['shop-files'],
  alarmEmail: 'operators@example.org',
  monthlyBudgetDollars: 200,
  warmTableWrites: 20_000,
  runbookUrl: 'https://example.org/docs/runbook.md',
});

export interface Templates {
  readonly data: Template;
  readonly service: Template;
  readonly delivery: Template | undefined;
  /** Of all stacks, by name. */
  readonly json: Readonly<Record<string, unknown>>;
}

const synthesised = new Map<string, Templates>();

/** Each stage once a file: it takes seconds. @throws the library's error where a check of the templates finds a fault. */
export function synthesise(config: StageConfig, delivery?: DeliveryConfig): Templates {
  const key = JSON.stringify([config, delivery]);
  const templates = synthesised.get(key) ?? synthesiseAnew(config, delivery);
  synthesised.set(key, templates);
  return templates;
}

export function synthesiseAnew(config: StageConfig, delivery?: DeliveryConfig): Templates {
  const outdir = mkdtempSync(join(tmpdir(), 'nutrisage-synth-'));
  try {
    const app = createApp(outdir);
    const built = addStage(app, config, delivery);
    // Asking for a template does not run the checks; this does.
    const { stacks } = app.synth();
    return {
      data: Template.fromStack(built.data),
      service: Template.fromStack(built.service),
      delivery: built.delivery === undefined ? undefined : Template.fromStack(built.delivery),
      json: Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, template])),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** Resources of a type, of all stacks. */
export function resourcesOf(
  { json }: Templates,
  type: string,
): readonly (readonly [name: string, resource: Resource])[] {
  return Object.values(json).flatMap((template) =>
    Object.entries((template as { Resources: Record<string, Resource> }).Resources).filter(
      ([, resource]) => resource.Type === type,
    ),
  );
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

export function statementsOf({ Properties }: Resource): readonly Statement[] {
  return (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement;
}

/** The name of the one resource that was found. */
export function onlyName(found: Readonly<Record<string, unknown>>): string {
  const [name, ...others] = Object.keys(found);
  if (name === undefined || others.length > 0)
    throw new Error(`One resource was expected, not ${Object.keys(found).length}.`);
  return name;
}
