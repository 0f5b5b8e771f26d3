import type { PlatformMessage, RunCopy, UsageRecord, WorkflowUse } from "#src/objects/platform-message.ts";

/** Messages by kind, none of them made needless by another. */
export interface DistinctMessages {
  copies: RunCopy[];
  records: UsageRecord[];
  uses: WorkflowUse[];
}

/** What is left to write of messages that came together: the newest copy of each run, and each usage record once. */
export function distinctMessages(messages: readonly PlatformMessage[]): DistinctMessages {
  const copies = new Map<string, RunCopy>();
  const records = new Map<string, UsageRecord>();
  const uses: WorkflowUse[] = [];
  for (const message of messages) {
    switch (message.type) {
      case "run.copy": {
        const known = copies.get(message.correlation_id);
        if (!known || known.revision < message.revision) copies.set(message.correlation_id, message);
        break;
      }
      case "usage":
        if (!records.has(message.id)) records.set(message.id, message);
        break;
      case "workflow.use":
        uses.push(message);
    }
  }
  return { copies: [...copies.values()], records: [...records.values()], uses };
}
