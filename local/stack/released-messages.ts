/**
 * Released messages for the embedded queues. fauxqs 2.4 with persistence loses a message whose visibility is set
 * to 0: it takes it out of its memory, then writes a null into a column that refuses nulls, and answers 500.
 * A worker releases so whenever it stops or retries. The trigger writes what was meant instead of that update.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const TRIGGER = `
  CREATE TRIGGER IF NOT EXISTS nutrisage_released_message
  BEFORE UPDATE ON sqs_messages WHEN NEW.approximate_receive_count IS NULL
  BEGIN
    UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = OLD.message_id;
    SELECT RAISE(IGNORE);
  END`;

/** Adds the trigger to the database that fauxqs has opened in `queuesDirectory`; later calls find it there. */
export function keepReleasedMessages(queuesDirectory: string): void {
  const database = new DatabaseSync(join(queuesDirectory, 'fauxqs.db'));
  try {
    database.exec(TRIGGER);
  } finally {
    database.close();
  }
}
