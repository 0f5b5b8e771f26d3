import { z } from "zod";
import type { Database } from "../db/client.ts";
import { type DeadLetter, deadLetter } from "../messaging/dead-letter.ts";
import { type PlatformMessage, platformMessageSchema } from "../messaging/platform-message.ts";
import type { Logger } from "../observability/logger.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { confirmMessages } from "./confirm-messages.ts";
import { putRunCopy, putUsage, putWorkflowUse } from "./run-read-model-repository.ts";
import { countTask } from "./task-count-repository.ts";

/** In this order: a task counts only if its usage was new. */
function statementsOf(db: Database, message: PlatformMessage) {
  switch (message.type) {
    case "run.copy":
      return [putRunCopy(db, message)];
    case "usage":
      return [putUsage(db, message), countTask(db, message)];
    case "workflow.use":
      return [putWorkflowUse(db, message)];
  }
}

interface Projection {
  db: Database;
  deadLetters: Queue<DeadLetter>;
  logger: Logger;
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
}

/**
 * Brings the read models up to date with a batch of `platform-events`, all in
 * one D1 batch, and confirms it to the objects it came from. Late, repeated and
 * reordered messages change nothing; one that cannot be read goes to the dead
 * letters and holds up nobody.
 */
export async function projectMessages(batch: MessageBatch<unknown>, projection: Projection): Promise<void> {
  const { db, deadLetters } = projection;
  const messages: PlatformMessage[] = [];
  const statements = [];
  for (const message of batch.messages) {
    const parsed = platformMessageSchema.safeParse(message.body);
    if (parsed.success) {
      messages.push(parsed.data);
      statements.push(...statementsOf(db, parsed.data));
      continue;
    }
    const reason = `Malformed platform message: ${z.prettifyError(parsed.error)}`;
    await deadLetters.send(deadLetter(batch.queue, message.body, reason, Date.now()));
  }
  const [first, ...rest] = statements;
  if (first) await db.batch([first, ...rest]);
  await confirmMessages(messages, projection);
  batch.ackAll();
}
