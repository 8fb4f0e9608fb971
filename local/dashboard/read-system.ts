/** Reads the running system: queue, workers, ledger, model, endpoint. What can not be read is a fault of the reading, not of the page. */
import { parsePrometheus } from '../../core/metrics/parse-prometheus.ts';
import type { Snapshot } from '../../core/metrics/registry.ts';
import { readSummary } from '../../producer/commands/follow-job.ts';
import type { Services } from '../../producer/commands/ports.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { FleetMember } from '../fleet/fleet.ts';
import type { DesiredWorkers, JobReading, ModelReading, QueueReading, Reading } from './reading.ts';

export interface SystemPorts {
  readonly readQueue: () => QueueReading | Promise<QueueReading>;
  readonly members: () => readonly FleetMember[];
  readonly desired: () => DesiredWorkers | undefined;
  /** Undefined while none is promoted. */
  readonly readModel: () => Promise<ModelReading | undefined>;
  /** Undefined where none is started. */
  readonly endpoint: () => EndpointPlace | undefined;
  readonly services: Services;
}

export interface EndpointPlace {
  /** Of its page. */
  readonly address: string;
  readonly metricsAddress: string;
}

/** So many jobs are looked at; `nutrisage jobs` lists more. */
const JOBS_MAX = 12;
/** A worker that does not answer in this time is shown as silent; the next look asks again. */
const ANSWER_MS_MAX = 900;
/** A promotion is seen as soon as by the workers. */
const MODEL_MS = 5000;

/** @returns what reads the system once; it rejects never. */
export function createSystemReader(ports: SystemPorts): (at: number) => Promise<Reading> {
  const summaries = createSummaries(ports.services);
  let model: { readonly at: number; readonly reading: ModelReading | undefined } | undefined;

  const readModel = async (at: number): Promise<ModelReading | undefined> => {
    const isFresh = model !== undefined && at - model.at < MODEL_MS;
    if (!isFresh) model = { at, reading: await ports.readModel() };
    return model?.reading;
  };
  const readJobs = async (): Promise<readonly JobReading[]> => {
    const records = await ports.services.ledger.recentJobs(JOBS_MAX);
    return summaries.of(records);
  };
  const readEndpoint = async () => {
    const place = ports.endpoint();
    const snapshot = place === undefined ? undefined : await scrape(place.metricsAddress);
    if (place === undefined || snapshot === undefined) return undefined;
    return { address: place.address, snapshot };
  };

  return async (at) => {
    const faults: string[] = [];
    const attempt = async <T>(what: string, read: () => T | Promise<T>): Promise<T | undefined> => {
      try {
        return await read();
      } catch (error) {
        faults.push(`${what} can not be read: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    };
    const [queue, jobs, current, endpoint, workers] = await Promise.all([
      attempt('The queue', ports.readQueue),
      attempt('The ledger', readJobs),
      attempt('The current model', () => readModel(at)),
      readEndpoint(),
      Promise.all(ports.members().map(readWorker)),
    ]);
    const fleet = { workers, desired: ports.desired() };
    return { at, queue, fleet, jobs, model: current, endpoint, faults };
  };
}

async function readWorker({ metricsAddress, ...member }: FleetMember) {
  return { ...member, snapshot: metricsAddress === undefined ? undefined : await scrape(metricsAddress) };
}

async function scrape(address: string): Promise<Snapshot | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return answer.ok ? parsePrometheus(await answer.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** A closed job's summary is read once: it stays as it is until the job is opened again. */
function createSummaries(services: Services) {
  let known = new Map<string, JobSummary>();
  const summaryOf = async (record: JobRecord): Promise<JobSummary | undefined> => {
    if (record.closedAt === undefined) return undefined;
    const key = closingKey(record);
    // One that is damaged hides no other job; its own says so where people open it. The store may have been away: asked again.
    const summary = known.get(key) ?? (await readSummary(record.job, services).catch(() => undefined));
    if (summary !== undefined) known.set(key, summary);
    return summary;
  };
  return {
    async of(records: readonly JobRecord[]): Promise<readonly JobReading[]> {
      const jobs: JobReading[] = [];
      for (const record of records) jobs.push({ record, summary: await summaryOf(record) });
      const keys = new Set(records.map(closingKey));
      known = new Map([...known].filter(([key]) => keys.has(key)));
      return jobs;
    },
  };
}

function closingKey({ job, revision, closedAt = '' }: JobRecord): string {
  return `${job} ${revision} ${closedAt}`;
}
