/**
 * Names that more than one program must agree on: environment variables, resources, object keys. Those of metrics stand
 * in metrics.ts, those of alarms in alarms.ts.
 */

/** Every environment variable the programs read, with its meaning; `worker/config.ts` checks values. */
export const ENVIRONMENT = {
  queue: 'NUTRISAGE_QUEUE',
  redisUrl: 'REDIS_URL',
  jobsQueueUrl: 'NUTRISAGE_JOBS_QUEUE_URL',
  deadLetterQueueUrl: 'NUTRISAGE_DEAD_LETTER_QUEUE_URL',
  dataBucket: 'NUTRISAGE_DATA_BUCKET',
  modelBucket: 'NUTRISAGE_MODEL_BUCKET',
  gradesTable: 'NUTRISAGE_GRADES_TABLE',
  jobsTable: 'NUTRISAGE_JOBS_TABLE',
  threads: 'NUTRISAGE_THREADS',
  shardRows: 'NUTRISAGE_SHARD_ROWS',
  rowGroupBytesMax: 'NUTRISAGE_ROW_GROUP_BYTES_MAX',
  fileBytesMax: 'NUTRISAGE_FILE_BYTES_MAX',
  footerBytesMax: 'NUTRISAGE_FOOTER_BYTES_MAX',
  fileRowsMax: 'NUTRISAGE_FILE_ROWS_MAX',
  fileColumnsMax: 'NUTRISAGE_FILE_COLUMNS_MAX',
  textBytesMax: 'NUTRISAGE_TEXT_BYTES_MAX',
  visibilitySeconds: 'NUTRISAGE_VISIBILITY_SECONDS',
  stuckSeconds: 'NUTRISAGE_STUCK_SECONDS',
  receivesMax: 'NUTRISAGE_RECEIVES_MAX',
  stopSeconds: 'NUTRISAGE_STOP_SECONDS',
  retentionDays: 'NUTRISAGE_RETENTION_DAYS',
  rules: 'NUTRISAGE_RULES',
  engine: 'NUTRISAGE_ENGINE',
  logLevel: 'NUTRISAGE_LOG_LEVEL',
  workerName: 'NUTRISAGE_WORKER_NAME',
  metrics: 'NUTRISAGE_METRICS',
  metricsNamespace: 'NUTRISAGE_METRICS_NAMESPACE',
  metricsSeconds: 'NUTRISAGE_METRICS_SECONDS',
  metricsPort: 'NUTRISAGE_METRICS_PORT',
  metricsHost: 'NUTRISAGE_METRICS_HOST',
  endpointHost: 'NUTRISAGE_ENDPOINT_HOST',
  endpointPort: 'NUTRISAGE_ENDPOINT_PORT',
  endpointUrl: 'NUTRISAGE_ENDPOINT_URL',
  apiKey: 'NUTRISAGE_API_KEY',
  apiKeys: 'NUTRISAGE_API_KEYS',
  corsOrigins: 'NUTRISAGE_CORS_ORIGINS',
  bodyBytesMax: 'NUTRISAGE_BODY_BYTES_MAX',
  listItemsMax: 'NUTRISAGE_LIST_ITEMS_MAX',
  headersSeconds: 'NUTRISAGE_HEADERS_SECONDS',
  requestSeconds: 'NUTRISAGE_REQUEST_SECONDS',
  idleSeconds: 'NUTRISAGE_IDLE_SECONDS',
  waitMsMax: 'NUTRISAGE_WAIT_MS_MAX',
  drainSeconds: 'NUTRISAGE_DRAIN_SECONDS',
  /** ECS sets it in every container. */
  ecsAgentUri: 'ECS_AGENT_URI',
  localDirectory: 'NUTRISAGE_LOCAL_DIR',
  localPort: 'NUTRISAGE_LOCAL_PORT',
  realData: 'NUTRISAGE_REAL_DATA',
} as const;

/** Names of the AWS resources, the same in the embedded stack. Buckets and queues may carry a stage prefix. */
export const RESOURCES = {
  dataBucket: 'nutrisage-data',
  modelBucket: 'nutrisage-models',
  jobsQueue: 'nutrisage-jobs',
  deadLetterQueue: 'nutrisage-jobs-dead',
  gradesTable: 'nutrisage-grades',
  jobsTable: 'nutrisage-jobs',
  /** Index of the jobs table: partition key `kind`, sort key `submittedAt`. */
  jobsByTimeIndex: 'by-time',
} as const;

/** Where programs answer over HTTP for those who run them. */
export const PATHS = {
  /** 200 while the process turns. */
  live: '/health/live',
  /** 200 once a model has scored a probe, and no more after SIGTERM. */
  ready: '/health/ready',
  /** For Prometheus. */
  metrics: '/metrics',
} as const;

/** Prefixes of the data bucket. Only `inbox/` raises events. */
export const PREFIXES = {
  inbox: 'inbox/',
  uploads: 'uploads/',
  grades: 'grades/',
  rejects: 'rejects/',
  jobs: 'jobs/',
} as const;

/** Message attributes that the worker sets on what it moves to the dead-letter queue. */
export const DEAD_LETTER_ATTRIBUTES = {
  code: 'failureCode',
  message: 'failureMessage',
  remedy: 'failureRemedy',
} as const;

/** Exit codes of the `nutrisage` command. */
export const EXIT_CODES = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;
