/** A worker process of its own, as it runs in production, whose calls all go through a proxy. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, startFleet } from '../../local/fleet/fleet.ts';
import { onEndpoint } from '../../local/stack/provision.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts';
import type { RunGround } from './run-plan.ts';
import type { Site } from './site.ts';

export interface RealWorker {
  readonly fleet: Fleet;
  /** How its processes have ended, each as a sentence. */
  readonly ends: readonly string[];
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface RealWorkerOptions {
  readonly ground: Pick<RunGround, 'stack' | 'modelBucket'>;
  readonly site: Site;
  readonly stopSeconds?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly proxy?: Partial<FaultProxyOptions>;
}

export async function startRealWorker(options: RealWorkerOptions): Promise<RealWorker> {
  const { ground, site, stopSeconds } = options;
  const directory = await mkdtemp(join(tmpdir(), 'nutrisage-worker-'));
  const proxy: FaultProxy = await startFaultProxy({
    servers: ground.stack.servers,
    faultFor: () => undefined,
    onStep: () => {},
    ...options.proxy,
  });
  const { endpoint } = proxy;
  const at = (url: string): string => onEndpoint(url, endpoint);
  const ends: string[] = [];
  const fleet = await startFleet({
    workers: 1,
    directory,
    environment: {
      ...ground.stack.environment,
      AWS_ENDPOINT_URL_SQS: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      [ENVIRONMENT.jobsQueueUrl]: at(site.jobsQueue),
      [ENVIRONMENT.deadLetterQueueUrl]: at(site.deadLetterQueue),
      [ENVIRONMENT.dataBucket]: site.dataBucket,
      [ENVIRONMENT.modelBucket]: ground.modelBucket,
      [ENVIRONMENT.gradesTable]: site.gradesTable,
      [ENVIRONMENT.jobsTable]: site.jobsTable,
      [ENVIRONMENT.visibilitySeconds]: String(site.visibilitySeconds),
      [ENVIRONMENT.receivesMax]: String(site.receivesMax),
      [ENVIRONMENT.shardRows]: '1',
      [ENVIRONMENT.threads]: '1',
      [ENVIRONMENT.retentionDays]: '30',
      [ENVIRONMENT.engine]: 'forest',
      ...options.environment,
    },
    ...(stopSeconds === undefined ? {} : { stopSeconds }),
    report: (sentence) => ends.push(sentence),
  });
  return {
    fleet,
    ends,
    log: async () => (await Promise.all(fleet.logFiles.map((path) => readFile(path, 'utf8')))).join(''),
    async stop() {
      await fleet.stop();
      await proxy.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
