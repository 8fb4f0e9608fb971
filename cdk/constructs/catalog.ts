/** Grades and rejects as tables for Athena, by the date in their keys: no crawler, and nothing to do for a new day. */
import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { GradeRow, RejectRow } from '../../schemas/grades-dataset.ts';
import { PREFIXES } from '../../schemas/names.ts';

export interface CatalogProps {
  readonly databaseName: string;
  readonly workGroupName: string;
  readonly bucketName: string;
}

/** Where results of queries lie, in the data bucket. */
export const ATHENA_PREFIX = 'athena/';
/** A query that reads more is stopped: 1 TB, some 5 dollars. */
const QUERY_BYTES_MAX = 1e12;
/** No job is older. */
const FIRST_DATE = '2026-01-01';

/** Types as Athena reads them from the Parquet files; a test compares both. */
type AthenaType = 'string' | 'bigint' | 'int' | 'float';

export const GRADES_COLUMNS: Readonly<Record<keyof GradeRow, AthenaType>> = {
  code: 'string',
  row_number: 'bigint',
  grade: 'string',
  grade_source: 'string',
  official_grade: 'string',
  official_score: 'int',
  official_status: 'string',
  model_grade: 'string',
  p_a: 'float',
  p_b: 'float',
  p_c: 'float',
  p_d: 'float',
  p_e: 'float',
  warnings: 'string',
  model_version: 'string',
};

export const REJECTS_COLUMNS: Readonly<Record<keyof RejectRow, AthenaType>> = {
  code: 'string',
  row_number: 'bigint',
  reasons: 'string',
  values: 'string',
};

export class Catalog extends Construct {
  constructor(scope: Construct, id: string, { databaseName, workGroupName, bucketName }: CatalogProps) {
    super(scope, id);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: databaseName, description: 'Grades of food products, and rows that have none.' },
    });
    const tables = { grades: GRADES_COLUMNS, rejects: REJECTS_COLUMNS } as const;
    for (const [name, columns] of Object.entries(tables)) {
      const table = new CfnTable(this, name, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName,
        tableInput: {
          name,
          tableType: 'EXTERNAL_TABLE',
          partitionKeys: [{ name: 'date', type: 'string' }],
          parameters: partitionsByDate(`s3://${bucketName}/${PREFIXES[name as keyof typeof tables]}`),
          storageDescriptor: {
            location: `s3://${bucketName}/${PREFIXES[name as keyof typeof tables]}`,
            columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
            inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
            serdeInfo: {
              serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            },
          },
        },
      });
      table.addResourceDependency(database);
    }
    new CfnWorkGroup(this, 'WorkGroup', {
      name: workGroupName,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: QUERY_BYTES_MAX,
        publishCloudWatchMetricsEnabled: false,
        resultConfiguration: {
          outputLocation: `s3://${bucketName}/${ATHENA_PREFIX}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }
}

/** The job's key is no partition: one that a query must name would make every other query fail. */
function partitionsByDate(location: string): Readonly<Record<string, string>> {
  return {
    classification: 'parquet',
    'projection.enabled': 'true',
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${FIRST_DATE},NOW+1DAYS`,
    'projection.date.interval': '1',
    'projection.date.interval.unit': 'DAYS',
    'storage.location.template': `${location}date=\${date}/`,
  };
}
