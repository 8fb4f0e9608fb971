/**
 * One run: workers take the messages of a scenario while the plan breaks what it breaks, then what was given up is sent
 * back in calm, and what is left behind is compared with an undisturbed run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Servers } from '../../local/stack/start-servers.ts';
import { createSqsDeadLetterQueue } from '../../producer/adapters/sqs-dead-letter-queue.ts';
import { groupDeadLetters } from '../../producer/commands/dead-letters.ts';
import type { Scorer } from '../../worker/grading/scorer.ts';
import type { TestClients } from '../support/clients.ts';
import { differences } from './compare.ts';
import { type FaultPlan, faultFor, type Kill, type Outage } from './fault-plan.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { beginLife } from './life.ts';
import { jobsOf, type Observation, observe, shardsOf } from './observe.ts';
import type { Operation, Step } from './operation.ts';
import type { Scenario } from './scenarios.ts';
import { depthsOf, makeSite, openMessages, type Site, sendAll } from './site.ts';

/** What a run needs of a stack, in whatever processes its servers are. */
export interface GroundStack {
  readonly servers: Pick<Servers, 'endpoint' | 'tableEndpoint'>;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface RunGround {
  readonly stack: GroundStack;
  readonly clients: TestClients;
  readonly modelBucket: string;
  readonly scorer: Scorer;
}

export interface RunResult {
  readonly observation: Observation;
  /** What should not have been; empty when all is well. */
  readonly complaints: readonly string[];
  readonly faults: number;
  readonly deaths: number;
  readonly outages: number;
  /** Pieces of work that were given up and sent back. */
  readonly redriven: number;
  readonly log: readonly string[];
}

/** Well above what the work of a shard takes while other runs have the processor too. */
const VISIBILITY_SECONDS = 5;
/** Of a run before it counts as stuck: many visibility timeouts, on a machine that is busy with others. */
const STUCK_MS = 180_000;
const POLL_MS = 400;
const HIDDEN_MS_MAX = 30_000;
const REBIRTH_MS = 100;
const REDRIVES_MAX = 5;

/** @param calm what the undisturbed run of the same scenario left; absent for that run itself */
export async function runPlan(
  ground: RunGround,
  plan: FaultPlan,
  scenario: Scenario,
  calm?: Observation,
): Promise<RunResult> {
  const { clients, stack } = ground;
  const site = await makeSite(clients, stack.servers.endpoint, `run-${plan.seed}`, {
    visibilitySeconds: VISIBILITY_SECONDS,
    receivesMax: plan.receivesMax,
  });
  const crew = createCrew(ground, plan, site);
  const complaints: string[] = [];
  let redriven = 0;
  try {
    await Promise.all(Array.from({ length: plan.workers }, (_, worker) => crew.begin(worker)));
    await sendAll(clients, site, scenario.bodies);
    if (!(await settles(ground, site, scenario)))
      complaints.push(...(await stuckness(ground, site, scenario)));
    crew.calmDown();
    complaints.push(...(await unburied(ground, site, stack)));
    let observation = await observe(clients, site);
    for (let round = 0; calm !== undefined && round < REDRIVES_MAX; round += 1) {
      if (differences(calm, observation).length === 0) break;
      redriven += await redriveAll(ground, site);
      await settles(ground, site, scenario);
      observation = await observe(clients, site);
    }
    if (calm !== undefined) complaints.push(...differences(calm, observation));
    return {
      observation,
      complaints,
      redriven,
      faults: crew.faults(),
      deaths: crew.deaths(),
      outages: crew.outages(),
      log: crew.log,
    };
  } finally {
    await crew.end();
  }
}

/** The workers of a run: as many as the plan says, each born again after a death. */
function createCrew(ground: RunGround, plan: FaultPlan, site: Site) {
  const kills: Kill[] = [...plan.kills];
  const outages: Outage[] = [...plan.outages];
  const awayUntil = new Map<Operation['service'], number>();
  const met = new Map<Step, number>();
  const log: string[] = [];
  const ends: (() => Promise<void>)[] = [];
  let faults = 0;
  let deaths = 0;
  let outagesBegun = 0;
  let lives = 0;
  let isCalm = false;
  let isOver = false;

  const isAway = (service: Operation['service']): boolean => Date.now() < (awayUntil.get(service) ?? 0);

  /** Whether whoever came to the step dies of it. */
  function isLastStep(step: Step): boolean {
    const occurrence = (met.get(step) ?? 0) + 1;
    met.set(step, occurrence);
    if (isCalm) return false;
    const isNow = (planned: Kill): boolean => planned.step === step && planned.occurrence === occurrence;
    for (const { service, ms } of outages.filter(isNow)) {
      outagesBegun += 1;
      log.push(`outage of ${service} at ${step} for ${ms} ms`);
      awayUntil.set(service, Date.now() + ms);
    }
    const at = kills.findIndex(isNow);
    if (at < 0) return false;
    kills.splice(at, 1);
    return true;
  }

  async function begin(worker: number): Promise<void> {
    lives += 1;
    const name = `worker-${worker + 1}-life-${lives}`;
    const stream = lives;
    const proxy: FaultProxy = await startFaultProxy({
      servers: ground.stack.servers,
      faultFor: (operation, number) => {
        if (!isCalm && isAway(operation.service)) return { kind: 'refuse' };
        if (isCalm || faults >= plan.faultsMax) return undefined;
        const fault = faultFor(plan, stream, operation.name, number);
        if (fault !== undefined) {
          faults += 1;
          log.push(`fault ${JSON.stringify({ name, operation: operation.name, number, fault })}`);
        }
        return fault;
      },
      onStep(step) {
        if (!isLastStep(step)) return;
        deaths += 1;
        log.push(`death of ${name} at ${step}`);
        proxy.sever();
        setTimeout(() => {
          if (!isOver) void begin(worker);
        }, REBIRTH_MS);
      },
    });
    // The run may have ended meanwhile: a life begun now would have nobody who ends it.
    if (isOver) return proxy.close();
    const end = beginLife({
      site,
      name,
      endpoint: proxy.endpoint,
      modelBucket: ground.modelBucket,
      scorer: ground.scorer,
      clockSkewMs: plan.clockSkewsMs[worker] ?? 0,
      log: (line) => log.push(line.trimEnd()),
    });
    ends.push(async () => {
      await end();
      await proxy.close();
    });
  }

  return {
    begin,
    log,
    calmDown() {
      isCalm = true;
    },
    faults: () => faults,
    deaths: () => deaths,
    outages: () => outagesBegun,
    async end() {
      isOver = true;
      await Promise.all(ends.map((end) => end()));
    },
  };
}

/** Whether everything came to an end: no message under way, every job there and closed. */
export async function settles(
  { clients }: Pick<RunGround, 'clients'>,
  site: Site,
  scenario: Pick<Scenario, 'jobs'>,
): Promise<boolean> {
  const until = Date.now() + STUCK_MS;
  while (Date.now() < until) {
    await pause(POLL_MS);
    if ((await openMessages(clients, site)) > 0) continue;
    const jobs = await jobsOf(clients, site);
    if (jobs.length >= scenario.jobs && jobs.every(({ closedAt }) => closedAt !== undefined)) return true;
  }
  return false;
}

async function stuckness({ clients }: RunGround, site: Site, scenario: Scenario): Promise<string[]> {
  const { open, dead } = await depthsOf(clients, site);
  const jobs = await jobsOf(clients, site);
  const states = jobs.map(({ job, state, finished, shards }) => `${job} ${state} ${finished}/${shards}`);
  return [`stuck: ${open} open, ${dead} dead, ${jobs.length} of ${scenario.jobs} jobs: ${states.join(', ')}`];
}

/**
 * Failed shards whose message is nowhere: they could never be sent back. A message that another reader of the queue
 * has just seen is hidden for a moment, so that they are looked for more than once.
 */
async function unburied(ground: RunGround, site: Site, stack: GroundStack): Promise<string[]> {
  const until = Date.now() + HIDDEN_MS_MAX;
  for (;;) {
    const missing = await unburiedNow(ground, site, stack);
    if (missing.length === 0 || Date.now() > until) return missing;
    await pause(POLL_MS);
  }
}

async function unburiedNow({ clients }: RunGround, site: Site, stack: GroundStack): Promise<string[]> {
  const failed = (await shardsOf(clients, site)).filter(({ state }) => state === 'failed');
  if (failed.length === 0) return [];
  const queue = createSqsDeadLetterQueue(clients.sqs, site.deadLetterQueue, stack.servers.endpoint);
  const messages = await queue.receiveAll();
  await queue.release(messages);
  const buried = new Set(groupDeadLetters(messages).map(({ job, shard }) => `${job} ${shard}`));
  return failed
    .filter(({ job, shard }) => !buried.has(`${job} ${shard}`))
    .map(
      ({ job, shard, failure }) =>
        `shard ${shard} of ${job} failed (${failure?.code}) and no message of it is buried`,
    );
}

/** As `nutrisage dlq redrive --all`. */
export async function redriveAll(
  { clients, stack }: Pick<RunGround, 'clients' | 'stack'>,
  site: Site,
): Promise<number> {
  const queue = createSqsDeadLetterQueue(clients.sqs, site.deadLetterQueue, stack.servers.endpoint);
  const letters = groupDeadLetters(await queue.receiveAll());
  for (const letter of letters) {
    await sendAll(clients, site, [letter.redriveBody]);
    await queue.remove(letter.copies);
  }
  return letters.length;
}
