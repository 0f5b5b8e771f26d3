import type {
  OpenTasks,
  PlatformMessage,
  RunCopy,
  UsageRecord,
  WorkflowUse,
} from "#src/objects/platform-message.ts";
import { shardName } from "#src/objects/run-id.ts";

/** Messages by kind, none of them made needless by another. */
export interface DistinctMessages {
  copies: RunCopy[];
  records: UsageRecord[];
  uses: WorkflowUse[];
  open: OpenTasks[];
}

/**
 * What is left to write of messages that came together: the newest copy of each run, each usage record once, and what
 * each object has counted last.
 */
export function distinctMessages(messages: readonly PlatformMessage[]): DistinctMessages {
  const copies = new Map<string, RunCopy>();
  const records = new Map<string, UsageRecord>();
  const uses: WorkflowUse[] = [];
  const open = new Map<string, OpenTasks>();
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
        break;
      case "tasks.open": {
        const object = shardName(message.client_id, message.shard);
        const known = open.get(object);
        if (!known || known.at < message.at) open.set(object, message);
      }
    }
  }
  return {
    copies: [...copies.values()],
    records: [...records.values()],
    uses,
    open: [...open.values()],
  };
}
