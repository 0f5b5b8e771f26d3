import { z } from "@hono/zod-openapi";
import { isShallow, tooDeep } from "#src/kernel/json-object.ts";
import { jsonBytes, limits } from "./limits.ts";

/** What a person says with an answer: any JSON, which stays what it is. */
export const feedbackSchema = z
  .unknown()
  .refine(isShallow, tooDeep)
  .refine(
    (feedback) => jsonBytes(feedback) <= limits.feedbackBytes,
    `At most ${limits.feedbackBytes / 1024} KiB as JSON`,
  )
  .openapi({ description: "Any JSON, at most 64 KiB; the run has it as it is", example: "Shorter, please" });

export const answeredStepSchema = z
  .string()
  .min(1)
  .max(80)
  .optional()
  .openapi({ description: "Which of the run's `waiting` gates is answered; needed while several wait" });
