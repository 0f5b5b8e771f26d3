import { z } from "zod";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { type DeadLetter, deadLetter, exportMessageSchema, retryDelay } from "#src/tasks/index.ts";
import { askForStep, type StepQueue } from "./ask-for-step.ts";
import { continueExport } from "./continue-export.ts";
import type { Gathering } from "./gather-conversation.ts";

type ExportConsumer = Gathering &
  StepQueue &
  Pick<Platform, "db" | "clock" | "log"> & { deadLetters: Pick<Queue<DeadLetter>, "send"> };

/**
 * Consumes `exports`: does a step of the export that a message names and asks for the next. A step that fails is
 * delivered again; the sweep takes up what was lost.
 */
export async function consumeExports(batch: MessageBatch<unknown>, consumer: ExportConsumer): Promise<void> {
  for (const message of batch.messages) {
    const parsed = exportMessageSchema.safeParse(message.body);
    if (!parsed.success) {
      const reason = `Malformed message of an export: ${z.prettifyError(parsed.error)}`;
      await consumer.deadLetters.send(deadLetter(batch.queue, message.body, reason, consumer.clock.now()));
      message.ack();
      continue;
    }
    const { export_id } = parsed.data;
    try {
      if (await continueExport(consumer, export_id)) await askForStep(consumer, export_id);
      message.ack();
    } catch (error) {
      consumer.log.error("step of an export failed; it is repeated", { export_id, ...errorFields(error) });
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}
