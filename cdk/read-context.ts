/** A stage from cdk/stage-config.ts, with what the command line changes of it: `-c stage=production -c alarmEmail=…`. */
import type { App } from 'aws-cdk-lib';
import type { DeliveryConfig } from './build-app.ts';
import {
  type EndpointConfig,
  type ImageSource,
  STAGES,
  type StageConfig,
  StageConfigError,
} from './stage-config.ts';

/** A value of the context, or undefined where it is not given. */
export type ContextReader = (name: string) => string | undefined;

export function contextReader(app: App): ContextReader {
  return (name) => {
    const value: unknown = app.node.tryGetContext(name);
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
}

const ENDPOINT_TASKS = { tasksMin: 1, tasksMax: 10 } as const;

/** @throws {StageConfigError} for a stage that there is not, or a value that can not be. */
export function readStage(read: ContextReader): StageConfig {
  const stage = read('stage') ?? 'dev';
  const base = STAGES[stage];
  if (base === undefined) {
    throw new StageConfigError(stage, [
      `there is none of this name: give -c stage= one of ${Object.keys(STAGES).join(', ')}`,
    ]);
  }
  const texts = { region: read('region'), alarmEmail: read('alarmEmail'), runbookUrl: read('runbookUrl') };
  const budget = read('monthlyBudgetDollars');
  const images = readImages(stage, read);
  const endpoint = readEndpoint(stage, read);
  return {
    ...base,
    ...given(texts),
    ...given({ monthlyBudgetDollars: budget === undefined ? undefined : Number(budget), endpoint, images }),
  };
}

function readImages(stage: string, read: ContextReader): ImageSource | undefined {
  const worker = read('workerImage');
  const trainer = read('trainerImage');
  if (worker !== undefined && trainer !== undefined) return { from: 'registry', worker, trainer };
  if (worker === undefined && trainer === undefined) return undefined;
  throw new StageConfigError(stage, [
    'one image alone was built elsewhere: give both, -c workerImage=… and -c trainerImage=…, or none',
  ]);
}

function readEndpoint(stage: string, read: ContextReader): EndpointConfig | undefined {
  const wish = read('endpoint');
  const certificateArn = read('certificateArn');
  switch (wish) {
    case undefined:
      return undefined;
    case 'https':
      if (certificateArn === undefined) {
        throw new StageConfigError(stage, [
          '-c endpoint=https needs -c certificateArn=…, of Certificate Manager in the same region',
        ]);
      }
      return { ...ENDPOINT_TASKS, listener: { certificateArn } };
    case 'plain-http':
      return { ...ENDPOINT_TASKS, listener: { isPlainHttp: true } };
    default:
      throw new StageConfigError(stage, [
        `-c endpoint=${wish}: give https, or plain-http, which sends API keys readable`,
      ]);
  }
}

/** @throws {StageConfigError} where only a half is given. */
export function readDelivery(read: ContextReader): DeliveryConfig | undefined {
  const subjectPrefix = read('githubSubject');
  const environment = read('githubEnvironment') ?? read('stage') ?? 'dev';
  if (subjectPrefix === undefined) return undefined;
  if (!/^repo:[^:\s]+\/[^:\s]+$/.test(subjectPrefix)) {
    throw new StageConfigError(environment, [
      `-c githubSubject=${subjectPrefix}: give repo:OWNER/NAME, or repo:OWNER@ID/NAME@ID`,
    ]);
  }
  return { subjectPrefix, environment };
}

function given<T extends object>(values: T): Partial<{ [Key in keyof T]: Exclude<T[Key], undefined> }> {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  // Of the entries of `values`, those that are set.
  return Object.fromEntries(set) as Partial<{ [Key in keyof T]: Exclude<T[Key], undefined> }>;
}
