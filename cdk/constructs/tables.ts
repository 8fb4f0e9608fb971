/** The tables of grades and jobs: on demand, with expiry and point-in-time recovery. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { RESOURCES } from '../../schemas/names.ts';
import type { StageNames } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';

export interface TablesProps {
  readonly config: StageConfig;
  readonly names: StageNames;
}

/** What a new table reads at once; warm throughput is of both. */
const WARM_READS = 12_000;
const text = (name: string) => ({ name, type: AttributeType.STRING });

export class Tables extends Construct {
  constructor(scope: Construct, id: string, { config, names }: TablesProps) {
    super(scope, id);
    const { isProtected, warmTableWrites } = config;
    const common = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: isProtected,
      removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    } satisfies Partial<TableProps>;
    new Table(this, 'Grades', {
      ...common,
      tableName: names.gradesTable,
      partitionKey: text('code'),
      sortKey: text('sk'),
      ...(warmTableWrites === undefined
        ? {}
        : { warmThroughput: { writeUnitsPerSecond: warmTableWrites, readUnitsPerSecond: WARM_READS } }),
    });
    const jobs = new Table(this, 'Jobs', {
      ...common,
      tableName: names.jobsTable,
      partitionKey: text('job'),
      sortKey: text('sk'),
    });
    jobs.addGlobalSecondaryIndex({
      indexName: RESOURCES.jobsByTimeIndex,
      partitionKey: text('kind'),
      sortKey: text('submittedAt'),
      projectionType: ProjectionType.ALL,
    });
  }
}
