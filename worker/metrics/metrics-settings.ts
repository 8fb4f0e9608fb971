/** What the environment says of metrics; the same for every program. */
import { METRIC_NAMESPACE } from '../../schemas/metrics.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import type { SettingsReader } from '../settings.ts';

export interface MetricsSettings {
  /** `emf`: what is counted goes to standard output, in CloudWatch's embedded metric format. */
  readonly metrics: 'off' | 'emf';
  readonly metricsNamespace: string;
  /** Between two times that metrics are written. */
  readonly metricsSeconds: number;
  /** Port of `/metrics` and `/health/live`, 0 for any free one; absent: neither is served. */
  readonly metricsPort: number | undefined;
  /** Address that they are served on. */
  readonly metricsHost: string;
}

const SECONDS = { name: ENVIRONMENT.metricsSeconds, fallback: 60, min: 1, max: 3600 } as const;
const PORT = { name: ENVIRONMENT.metricsPort, fallback: 0, min: 0, max: 65_535 } as const;
const OUTPUTS = ['off', 'emf'] as const;
/** Metrics tell what a company grades: who may see them from outside is for the operator to say. */
const LOOPBACK = '127.0.0.1';

export function readMetricsSettings(read: SettingsReader): MetricsSettings {
  return {
    metrics: read.choice(ENVIRONMENT.metrics, 'off', OUTPUTS),
    metricsNamespace: read.optional(ENVIRONMENT.metricsNamespace) ?? METRIC_NAMESPACE,
    metricsSeconds: read.number(SECONDS),
    metricsPort: read.optional(ENVIRONMENT.metricsPort) === undefined ? undefined : read.number(PORT),
    metricsHost: read.optional(ENVIRONMENT.metricsHost) ?? LOOPBACK,
  };
}
