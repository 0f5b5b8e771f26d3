import type { Database } from "#src/db/client.ts";
import type { PlatformMessage } from "#src/objects/platform-message.ts";
import { distinctMessages } from "./distinct-messages.ts";
import { putOpenTasks } from "./open-tasks-repository.ts";
import { countInAll } from "./platform-totals-repository.ts";
import { noteOlderRuns, putRunCopies, putUsage, putWorkflowUses } from "./run-read-model-repository.ts";
import { countEndedRuns, countNewTasks } from "./task-count-repository.ts";
import { countUsage } from "./usage-day-repository.ts";

/**
 * Writes messages to the read models, all in one D1 batch, with a statement for
 * each kind however many there are. Late, repeated and reordered messages change nothing.
 */
export async function writeMessages(db: Database, messages: readonly PlatformMessage[]): Promise<void> {
  const { copies, records, uses, open } = distinctMessages(messages);
  const [first, ...rest] = [
    // In this order: attempts and what they used count while the read model does not have the end of their run, or
    // their usage.
    ...countEndedRuns(db, copies),
    ...countUsage(db, copies),
    ...countInAll(db, copies),
    ...putRunCopies(db, copies),
    ...countNewTasks(db, records),
    ...putUsage(db, records),
    ...noteOlderRuns(db, records),
    ...putWorkflowUses(db, uses),
    ...putOpenTasks(db, open),
  ];
  if (first) await db.batch([first, ...rest]);
}
