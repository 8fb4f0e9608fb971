/** Failures as the ledger keeps them: an item has 400 KB for up to 500 of them, and a parser's message no limit. */
import type { Failure } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile } from '../../schemas/ledger.ts';
import { ITEM_BYTES_MAX, itemBytes } from './item-bytes.ts';

/** Code, message and remedy together: what fills a screen's lines, and names a long key. */
const FAILURE_BYTES_MAX = 1200;
/** Left free in a job's item for what is written later: end state, counts, a failure of its own. */
const RESERVED_BYTES = 8192;
const ELLIPSIS = '…';

/** The failure in at most so many bytes of an item; message and remedy are cut where they must, the code never. */
export function storedFailure({ code, message, remedy }: Failure, bytesMax = FAILURE_BYTES_MAX): Failure {
  const textBytes = Math.max(0, bytesMax - itemBytes({ code, message: '', remedy: '' }));
  const shortRemedy = cutText(remedy, textBytes / 2);
  return { code, message: cutText(message, textBytes - Buffer.byteLength(shortRemedy)), remedy: shortRemedy };
}

/** The files with failures as long as the job's item has room for, each given the same. */
export function storedFiles(job: JobRecord, files: readonly PlannedFile[]): PlannedFile[] {
  const failed = files.filter(({ failure }) => failure !== undefined).length;
  if (failed === 0) return [...files];
  const bare = files.map(({ failure, ...file }) => file);
  const room = ITEM_BYTES_MAX - RESERVED_BYTES - itemBytes({ ...job, files: bare });
  const nameBytes = itemBytes({ failure: '' });
  const bytesEach = Math.min(FAILURE_BYTES_MAX, Math.floor(room / failed) - nameBytes);
  return files.map((file) =>
    file.failure === undefined ? file : { ...file, failure: storedFailure(file.failure, bytesEach) },
  );
}

/** Whole code points, so that no half of one is left, with an ellipsis where something is missing. */
function cutText(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  let bytes = Buffer.byteLength(ELLIPSIS);
  let kept = '';
  for (const point of text) {
    bytes += Buffer.byteLength(point);
    if (bytes > bytesMax) break;
    kept += point;
  }
  return kept + ELLIPSIS;
}
