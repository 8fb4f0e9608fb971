/** What the runs of a test file share: one stack, one small model, the scenarios with their undisturbed runs. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { readForest } from '../../core/forest/read-forest.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { ModelManifest } from '../../schemas/model.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createForestScorer } from '../../worker/adapters/forest-scorer.ts';
import { createClients } from '../support/clients.ts';
import { startTestStack } from '../support/stack.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Observation } from './observe.ts';
import { type GroundStack, type RunGround, runPlan } from './run-plan.ts';
import { makeScenarios, type Scenario } from './scenarios.ts';

export interface BareGround extends RunGround {
  close(): Promise<void>;
}

export interface Ground extends BareGround {
  readonly scenarios: readonly Scenario[];
  /** Of the undisturbed runs, in the order of the scenarios. */
  readonly calm: readonly Observation[];
}

export interface GroundStackOptions {
  /** Of the model to be published. */
  readonly modelFolder: string;
  /** Where all state lies. */
  readonly directory: string;
}

const INPUTS = 'fault-inputs';
/** The queue server waits for the disk at every message: a third of a run's time, of which nothing is tested here. */
const MEMORY_DISK = '/dev/shm';

type StartStack = (options: GroundStackOptions) => Promise<GroundStack>;

/** Without scenarios. */
export async function openBareGround(startStack: StartStack = startTestStack): Promise<BareGround> {
  const folder = await mkdtemp(join(existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), 'nutrisage-faults-'));
  const modelFolder = join(folder, 'model');
  await writeTinyModel(modelFolder);
  const manifest = JSON.parse(await readFile(join(modelFolder, 'manifest.json'), 'utf8')) as ModelManifest;
  const scorer = createForestScorer(manifest, readForest(await readFile(join(modelFolder, 'model.onnx'))));
  const stack = await startStack({ modelFolder, directory: join(folder, 'stack') });
  const clients = createClients(stack.servers);
  return {
    stack,
    clients,
    modelBucket: RESOURCES.modelBucket,
    scorer,
    async close() {
      clients.destroy();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param startStack by default with its servers in this process */
export async function openGround(startStack?: StartStack): Promise<Ground> {
  const ground = await openBareGround(startStack);
  const { clients } = ground;
  await clients.s3.send(new CreateBucketCommand({ Bucket: INPUTS }));
  const scenarios = await makeScenarios(clients, INPUTS);
  const calm: Observation[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const { observation, complaints } = await runPlan(ground, undisturbed(-1 - index), scenario);
    if (complaints.length > 0) throw new Error(`Undisturbed, "${scenario.name}" went wrong: ${complaints}`);
    const rows = rowsOf(observation);
    if (rows !== scenario.rows)
      throw new Error(`Undisturbed, "${scenario.name}" left ${rows} rows of ${scenario.rows}.`);
    calm.push(observation);
  }
  return { ...ground, scenarios, calm };
}

function undisturbed(seed: number): FaultPlan {
  return {
    seed,
    workers: 1,
    probability: 0,
    faultsMax: 0,
    kills: [],
    outages: [],
    receivesMax: 6,
    clockSkewsMs: [0],
  };
}

/** What the ledger counts, of all jobs: what is lost in every run alike would be a difference of none. */
function rowsOf({ ledger }: Observation): number {
  const records = ledger.map((text) => JSON.parse(text) as Partial<JobRecord>);
  return records.reduce((sum, { rowsFinished = 0 }) => sum + rowsFinished, 0);
}
