/** Every contract by the name of its file in `schemas/json/`. */
import type { TSchema } from 'typebox';
import { ApiClients } from './api-keys.ts';
import { RowCounts } from './counts.ts';
import { DataCard } from './data-card.ts';
import { DriftReport } from './drift-report.ts';
import { GradeItem, GradeRow, RejectRow } from './grades-dataset.ts';
import { RowHistograms } from './histograms.ts';
import {
  GradeListResponse,
  GradeRequest,
  GradingsResponse,
  ItemOutcome,
  JobStatus,
  ProblemDocument,
  Readiness,
} from './http.ts';
import { Item } from './item.ts';
import { JobSummary } from './job-summary.ts';
import { JobRecord, ShardRecord } from './ledger.ts';
import { LoadSchedule } from './load-schedule.ts';
import { LocalStackFile } from './local-stack.ts';
import { Mapping } from './mapping.ts';
import { ShardMessage, SubmissionMessage } from './messages.ts';
import { CurrentModel, ModelManifest, ModelReference } from './model.ts';
import { ModelParameters } from './model-parameters.ts';
import { PriceChanges } from './prices.ts';
import { ReportData } from './report-data.ts';
import { S3Event } from './s3-event.ts';

export const CATALOGUE: Readonly<Record<string, TSchema>> = {
  'api-clients': ApiClients,
  'current-model': CurrentModel,
  'data-card': DataCard,
  'drift-report': DriftReport,
  'grade-item': GradeItem,
  'grade-list-response': GradeListResponse,
  'grade-request': GradeRequest,
  'grade-row': GradeRow,
  'gradings-response': GradingsResponse,
  item: Item,
  'item-outcome': ItemOutcome,
  'job-record': JobRecord,
  'job-status': JobStatus,
  'job-summary': JobSummary,
  'load-schedule': LoadSchedule,
  'local-stack': LocalStackFile,
  mapping: Mapping,
  'model-manifest': ModelManifest,
  'model-parameters': ModelParameters,
  'model-reference': ModelReference,
  'price-changes': PriceChanges,
  'problem-document': ProblemDocument,
  readiness: Readiness,
  'reject-row': RejectRow,
  'report-data': ReportData,
  'row-counts': RowCounts,
  'row-histograms': RowHistograms,
  's3-event': S3Event,
  'shard-message': ShardMessage,
  'shard-record': ShardRecord,
  'submission-message': SubmissionMessage,
};

/** The JSON Schema document of one contract, as it lies in `schemas/json/`. */
export function jsonSchemaDocument(name: string, schema: TSchema): string {
  const document = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: name, ...schema };
  return `${JSON.stringify(document, null, 2)}\n`;
}
