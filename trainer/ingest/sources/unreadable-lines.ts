/** Lines of text sources that do not fit their header: counted, unless they mean that the file is damaged. */
import { NutrisageError } from '../../../core/errors.ts';
import type { Database } from '../database.ts';
import type { SourceFile } from './describe-file.ts';

/** Above this share it is not a few stray quotes: the delimiter or the quoting is not what it seemed. */
const SHARE_MAX = 0.01;
/** In a small file one stray line is a large share. */
const LINES_ALWAYS_TAKEN = 5;

/**
 * Unreadable lines by path. To be called after the sources were read on the same connection.
 * @throws {NutrisageError} `source-damaged` where a file breaks off within its last line, or has too many.
 */
export async function countUnreadableLines(
  database: Database,
  files: readonly SourceFile[],
  rowsRead: number,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if (files.every(({ format }) => format === 'parquet')) return counts;
  const found = await database.rows(`SELECT file_path, count(DISTINCT line)::DOUBLE AS line_count,
      max(line_byte_position - 1 + strlen(csv_line))::DOUBLE AS bytes_to, max(line)::DOUBLE AS line_last,
      any_value(line)::DOUBLE AS line_any, any_value(error_message) AS message
    FROM reject_errors JOIN (SELECT DISTINCT scan_id, file_id, file_path FROM reject_scans) USING (scan_id, file_id)
    GROUP BY file_path`);
  for (const row of found) {
    const path = String(row['file_path']);
    const count = Number(row['line_count']);
    const file = files.find((candidate) => candidate.path === path);
    const isPlain = file?.from.includes("compression = 'none'") === true;
    if (isPlain && Number(row['bytes_to']) >= file.bytes) throw brokenOff(path, Number(row['line_last']));
    if (count > LINES_ALWAYS_TAKEN && count > SHARE_MAX * (rowsRead + count)) {
      throw tooMany(path, count, Number(row['line_any']), String(row['message']));
    }
    counts.set(path, count);
  }
  return counts;
}

function brokenOff(path: string, line: number): NutrisageError {
  return new NutrisageError(
    'source-damaged',
    `${path} ends within line ${line}: a download or a copy broke off.`,
    'Fetch it again as a whole.',
  );
}

function tooMany(path: string, count: number, line: number, message: string): NutrisageError {
  return new NutrisageError(
    'source-damaged',
    `${path} has ${count} lines that do not fit its header, such as line ${line}: ${message}.`,
    'Look at that line: the delimiter may be another, or quotes are not closed.',
  );
}
