import type { Database } from "#src/db/client.ts";
import type { PlatformMessage } from "#src/objects/platform-message.ts";
import { distinctMessages } from "./distinct-messages.ts";
import { putRunCopies, putUsage, putWorkflowUses } from "./run-read-model-repository.ts";
import { countNewTasks } from "./task-count-repository.ts";

/**
 * Writes messages to the read models, all in one D1 batch, with a statement for
 * each kind however many there are. Late, repeated and reordered messages change nothing.
 */
export async function writeMessages(db: Database, messages: readonly PlatformMessage[]): Promise<void> {
  const { copies, records, uses } = distinctMessages(messages);
  const [first, ...rest] = [
    ...putRunCopies(db, copies),
    // In this order: a task counts while the read model does not have its usage.
    ...countNewTasks(db, records),
    ...putUsage(db, records),
    ...putWorkflowUses(db, uses),
  ];
  if (first) await db.batch([first, ...rest]);
}
