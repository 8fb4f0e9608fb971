import { describe, expect, it } from 'vitest';
import { type ContextReader, readDelivery, readStage } from '../../cdk/read-context.ts';
import { checkStage, STAGES } from '../../cdk/stage-config.ts';
import { CERTIFICATE, FULL, stageOf } from './stages.ts';

const context =
  (values: Readonly<Record<string, string>>): ContextReader =>
  (name) =>
    values[name];

describe('the stages', () => {
  it.each(Object.keys(STAGES))('%s can be deployed as it stands', (name) => {
    const stage = STAGES[name];
    expect(stage?.stage).toBe(name);
    if (stage !== undefined) expect(checkStage(stage)).toBe(stage);
  });

  it('name every fault at once', () => {
    const broken = {
      ...FULL,
      stage: 'Prod_1',
      region: 'moon',
      natGateways: 9,
      worker: { ...FULL.worker, tasksMin: 20, onDemandBase: -1, spotPercent: 101 },
      endpoint: { tasksMin: 0, tasksMax: 1, listener: { isPlainHttp: true } } as const,
      trainer: { sources: ['ftp://a'], isPromoting: false },
      warmTableWrites: 10,
      retentionDays: 0,
      inputDays: 0.5,
      monthlyBudgetDollars: 0,
    };
    expect(() => checkStage(broken)).toThrow(/^Stage Prod_1 can not be deployed:\n( {2}- .+\n){11} {2}- .+$/);
    expect(() => checkStage(stageOf('dev', { trainer: { sources: [], isPromoting: false } }))).toThrow(
      'no source',
    );
  });
});

describe('the command line’s context', () => {
  it('is development where nothing is said', () => {
    expect(readStage(context({}))).toEqual(STAGES['dev']);
  });

  it('changes what it names, and nothing else', () => {
    const read = context({
      stage: 'production',
      region: 'eu-central-1',
      alarmEmail: 'a@example.org',
      monthlyBudgetDollars: '50',
      endpoint: 'https',
      certificateArn: CERTIFICATE,
      workerImage: 'w:1',
      trainerImage: 't:1',
    });
    expect(readStage(read)).toEqual({
      ...STAGES['production'],
      region: 'eu-central-1',
      alarmEmail: 'a@example.org',
      monthlyBudgetDollars: 50,
      endpoint: { tasksMin: 1, tasksMax: 10, listener: { certificateArn: CERTIFICATE } },
      images: { from: 'registry', worker: 'w:1', trainer: 't:1' },
    });
  });

  it('takes images from elsewhere both, or none', () => {
    expect(() => readStage(context({ workerImage: 'w:1' }))).toThrow('give both, -c workerImage=');
    expect(() => readStage(context({ trainerImage: 't:1' }))).toThrow('give both, -c workerImage=');
  });

  it('has plain HTTP by its name alone', () => {
    expect(readStage(context({ endpoint: 'plain-http' })).endpoint?.listener).toEqual({ isPlainHttp: true });
    expect(() => readStage(context({ endpoint: 'http' }))).toThrow(
      'give https, or plain-http, which sends API keys readable',
    );
    expect(() => readStage(context({ endpoint: 'https' }))).toThrow('needs -c certificateArn=');
  });

  it('names the stages where there is none of the name', () => {
    expect(() => readStage(context({ stage: 'staging' }))).toThrow(
      'give -c stage= one of dev, demo, production',
    );
  });

  it('names the repository that deploys', () => {
    expect(readDelivery(context({}))).toBeUndefined();
    expect(readDelivery(context({ githubSubject: 'repo:acme/nutrisage', stage: 'production' }))).toEqual({
      subjectPrefix: 'repo:acme/nutrisage',
      environment: 'production',
    });
    expect(() => readDelivery(context({ githubSubject: 'acme/nutrisage' }))).toThrow('give repo:OWNER/NAME');
  });
});
