import type { Platform } from "#src/platform.ts";
import { consumeSteps, type DeadLetter, exportMessageSchema } from "#src/tasks/index.ts";
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
export const consumeExports = (batch: MessageBatch<unknown>, consumer: ExportConsumer): Promise<void> =>
  consumeSteps(batch, consumer, exportMessageSchema, {
    take: async ({ export_id }) => {
      if (await continueExport(consumer, export_id)) await askForStep(consumer, export_id);
    },
    names: ({ export_id }) => ({ export_id }),
  });
