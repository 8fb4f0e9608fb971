/** What is asked of the workers in a run: files that lie in the store, and the messages about them. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createdEvent } from '../../local/stack/inbox-events.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import { MESSAGE_VERSION, type SubmissionMessage } from '../../schemas/messages.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createS3ObjectStore } from '../../worker/adapters/s3-object-store.ts';
import type { TestClients } from '../support/clients.ts';
import { SUBMITTED_AT } from '../support/records.ts';
import { smallCatalogue } from './catalogue.ts';

export interface Scenario {
  readonly name: string;
  /** In the order in which they are sent. */
  readonly bodies: readonly string[];
  /** Jobs that there are in the end. */
  readonly jobs: number;
  /** Rows of all files that can be read. */
  readonly rows: number;
}

const ROWS = { first: 60, second: 30, inbox: 70, newer: 25 } as const;

/** Puts the files into `bucket`, which exists, and tells what to send about them. */
export async function makeScenarios(clients: TestClients, bucket: string): Promise<readonly Scenario[]> {
  const store = createS3ObjectStore(clients.s3);
  const put = async (key: string, Body: Uint8Array): Promise<FileReference> => {
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    return store.head(bucket, key);
  };
  const catalogue = (rows: number, seed: number) => smallCatalogue({ rows, rowGroupRows: 32, seed });
  const first = await put('uploads/first.parquet', catalogue(ROWS.first, 1));
  const second = await put('uploads/second.parquet', catalogue(ROWS.second, 2));
  const damaged = await put('uploads/damaged.parquet', new TextEncoder().encode('PAR1 none of it PAR1'));
  const inbox = await put('inbox/so ld+ 50%.parquet', catalogue(ROWS.inbox, 3));
  const older = await put('inbox/replaced.parquet', catalogue(ROWS.first, 4));
  const newer = await put('inbox/replaced.parquet', catalogue(ROWS.newer, 5));
  const gone: FileReference = { ...older, key: 'inbox/gone.parquet' };

  const event = (file: FileReference, sequencer: string): string => {
    const object = { key: file.key, etag: file.etag, contentLength: file.size };
    const made = createdEvent(object, { sequencer, at: new Date(SUBMITTED_AT) });
    return JSON.stringify(made).replaceAll(RESOURCES.dataBucket, bucket);
  };
  const two = submission('00000000000000a1', [first, second]);
  return [
    { name: 'two files', bodies: [two], jobs: 1, rows: ROWS.first + ROWS.second },
    {
      name: 'a damaged file among good ones',
      bodies: [submission('00000000000000a2', [damaged, first])],
      jobs: 1,
      rows: ROWS.first,
    },
    {
      name: 'one event ten times',
      bodies: Array.from({ length: 10 }, () => event(inbox, '0A')),
      jobs: 1,
      rows: ROWS.inbox,
    },
    {
      name: 'events out of order, of files replaced and deleted',
      bodies: [
        event(newer, '0C'),
        event(gone, '0D'),
        event(older, '0B'),
        event(newer, '0C'),
        event(gone, '0D'),
      ],
      jobs: 3,
      rows: ROWS.newer,
    },
    { name: 'two submits at once', bodies: [two, two], jobs: 1, rows: ROWS.first + ROWS.second },
  ];
}

function submission(job: string, inputs: FileReference[]): string {
  const message: SubmissionMessage = {
    kind: 'submission',
    version: MESSAGE_VERSION,
    job,
    submittedAt: SUBMITTED_AT,
    inputs,
  };
  return JSON.stringify(message);
}
