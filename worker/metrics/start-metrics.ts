/** The metrics of a process from its start to its stop: what watches it, and who is told. */
import type { Logger } from 'pino';
import type { Registry } from '../../core/metrics/registry.ts';
import { renderPrometheus } from '../../core/metrics/render-prometheus.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { ConfigError } from '../settings.ts';
import { startEmfWriter } from './emf-writer.ts';
import type { MetricsSettings } from './metrics-settings.ts';
import { type ProcessWatchPorts, watchProcess } from './process-watch.ts';
import { type StatusServer, startStatusServer } from './status-server.ts';

export interface MetricsConfig extends MetricsSettings {
  /** Name of the process. */
  readonly workerName: string;
}

export interface MetricsPorts extends ProcessWatchPorts {
  readonly registry: Registry;
  /** `worker` or `endpoint`. */
  readonly service: string;
  /** Whether somebody asks for the text, though nothing is configured. @default false */
  readonly isAsked?: boolean;
  /** Takes a line for standard output, its end included. */
  readonly write: (line: string) => void;
  readonly clock: () => Date;
  readonly log: Logger;
}

export interface Metrics {
  /** Of `/metrics`; undefined where it is not served. */
  readonly port: number | undefined;
  /** For Prometheus, as things stand; empty where nobody is told. */
  text(): string;
  /** Writes what is left, and serves no more. */
  stop(): Promise<void>;
}

/** Nothing is watched where nobody is told. @throws {ConfigError} when the port can not be had. */
export async function startMetrics(config: MetricsConfig, ports: MetricsPorts): Promise<Metrics> {
  const { registry, service, write, clock } = ports;
  const isTold = config.metrics === 'emf' || config.metricsPort !== undefined || ports.isAsked === true;
  if (!isTold) return { port: undefined, text: () => '', stop: async () => {} };
  const watch = watchProcess(ports);
  const metrics = (): string => {
    watch.refresh();
    return renderPrometheus(registry.snapshot());
  };
  const server = await serve(config, service, metrics).catch((error: unknown) => {
    watch.stop();
    throw error;
  });
  const writer =
    config.metrics === 'emf'
      ? startEmfWriter({
          registry,
          refresh: watch.refresh,
          write,
          clock,
          seconds: config.metricsSeconds,
          context: {
            namespace: config.metricsNamespace,
            service,
            properties: { [service]: config.workerName },
          },
        })
      : undefined;
  return {
    port: server?.port,
    text: metrics,
    async stop() {
      writer?.stop();
      watch.stop();
      await server?.stop();
    },
  };
}

async function serve(
  { metricsPort: port, metricsHost: host }: MetricsConfig,
  service: string,
  metrics: () => string,
): Promise<StatusServer | undefined> {
  if (port === undefined) return undefined;
  try {
    return await startStatusServer({ port, host, metrics });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(service, [
      `${ENVIRONMENT.metricsPort} is ${port}, which can not be listened on at ${host} (${reason}): give a free port, or 0 for any.`,
    ]);
  }
}
