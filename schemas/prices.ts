/** What AWS asks for, as `nutrisage plan --prices <file>` takes it: a table of US dollars, or a part of it. */
import Type, { type Static } from 'typebox';

const Dollars = (description: string) => Type.Number({ minimum: 0, description });

export const Prices = Type.Object(
  {
    date: Type.String({ description: 'When these prices were looked up, such as 2026-11.' }),
    region: Type.String({ description: 'Region they are of.' }),
    vcpuHourX86: Dollars('Fargate, x86_64: a vCPU for an hour.'),
    vcpuHourArm: Dollars('Fargate, arm64: a vCPU for an hour.'),
    memoryGbHourX86: Dollars('Fargate, x86_64: a GB of memory for an hour.'),
    memoryGbHourArm: Dollars('Fargate, arm64: a GB of memory for an hour.'),
    spotShare: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'What Fargate Spot costs, as a share of the on-demand price.',
    }),
    publicAddressHour: Dollars('A public IPv4 address for an hour.'),
    queueMillionRequests: Dollars('SQS, standard queue: a million requests.'),
    tableMillionWrites: Dollars('DynamoDB on demand: a million writes of 1 KB.'),
    tableMillionReads: Dollars('DynamoDB on demand: a million consistent reads of 4 KB.'),
    tableGbMonth: Dollars('DynamoDB: a GB kept for a month.'),
    tableBackupGbMonth: Dollars('DynamoDB: point-in-time recovery of a GB for a month.'),
    storeThousandPuts: Dollars('S3: a thousand writes.'),
    storeThousandGets: Dollars('S3: a thousand reads.'),
    storeGbMonth: Dollars('S3: a GB kept for a month.'),
    metricMonth: Dollars('CloudWatch: a custom metric for a month, by the hour.'),
    alarmMonth: Dollars('CloudWatch: an alarm for a month.'),
    dashboardMonth: Dollars('CloudWatch: a dashboard for a month.'),
    logGb: Dollars('CloudWatch Logs: a GB taken in.'),
    loadBalancerHour: Dollars('Application load balancer: an hour.'),
    loadBalancerUnitHour: Dollars('Application load balancer: a capacity unit for an hour.'),
    secretMonth: Dollars('Secrets Manager: a secret for a month.'),
  },
  { additionalProperties: false },
);
export type Prices = Static<typeof Prices>;

/** A file of one's own: only what differs. */
export const PriceChanges = Type.Partial(Prices, { additionalProperties: false });
export type PriceChanges = Static<typeof PriceChanges>;
