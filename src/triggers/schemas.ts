import { z } from "@hono/zod-openapi";
import { checkExpression, checkTemplate } from "#src/engine/expressions/expressions.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { instanceParams } from "#src/personas/index.ts";
import { patternShape } from "#src/realtime/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { eventsMatching } from "./matched-events.ts";

const messageOf = (error: unknown): string =>
  error instanceof Error ? cutText(error.message, 300) : "Not readable";

/** All texts in a value, with the paths to them. */
function* textsIn(value: unknown, path: PropertyKey[] = []): Generator<[PropertyKey[], string]> {
  if (typeof value === "string") yield [path, value];
  else if (typeof value === "object" && value !== null)
    for (const [key, part] of Object.entries(value)) yield* textsIn(part, [...path, key]);
}

const event = z
  .string()
  .max(100)
  .regex(patternShape, "A name of an event, or a pattern: `order.*`, `execution.**`")
  .refine((pattern) => eventsMatching(pattern).length > 0, "There is no such event")
  .openapi({ description: "What it is for: an event's name, or a pattern", example: "order.fulfilled" });

const when = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .superRefine((condition, context) => {
    try {
      checkExpression(condition, "bool");
    } catch (error) {
      context.addIssue({ code: "custom", message: messageOf(error) });
    }
  })
  .nullable()
  .openapi({
    description: "CEL over the event, which is `input`; null for whenever it happens",
    example: "input.data.total.amount > 10000",
  });

const input = z
  .record(z.string(), z.unknown())
  .refine((template) => JSON.stringify(template).length <= 8192, "At most 8 KiB")
  .superRefine((template, context) => {
    for (const [path, text] of textsIn(template))
      try {
        checkTemplate(text);
      } catch (error) {
        context.addIssue({ code: "custom", path, message: messageOf(error) });
      }
  })
  .openapi({
    description: "What the persona is started with: a template over the event, which is `input`",
    example: { topic: "Thank the customer of order {{input.data.number}}" },
  });

const maxPerHour = z
  .number()
  .int()
  .min(1)
  .max(1000)
  .openapi({ description: "How often in an hour it starts the persona at most" });

const enabled = z.boolean().openapi({ description: "Whether it starts anything" });

export const triggerSchema = z
  .object({
    id: z.uuid(),
    instance_id: z.string(),
    event: z.string().openapi({ description: "What it is for: an event's name, or a pattern" }),
    when: z
      .string()
      .nullable()
      .openapi({ description: "The condition, in CEL; null for whenever it happens" }),
    input: z.record(z.string(), z.unknown()).openapi({ description: "The template of the input" }),
    max_per_hour: maxPerHour,
    enabled,
    failures: z.number().int().openapi({
      description: "How often in a row it could not start the persona; at ten it is switched off",
    }),
    last_fired_at: z.iso.datetime().nullable().openapi({ description: "When it started the persona last" }),
    last_error: z.string().nullable().openapi({ description: "Code of what it failed with last" }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Trigger");

export const triggerListSchema = z
  .object({ triggers: z.array(triggerSchema).openapi({ description: "Triggers" }), ...pageFields })
  .openapi("TriggerList");

export const triggerParams = instanceParams.extend({ trigger_id: z.uuid() });
export const listQuery = cursorQuery();

export const createTriggerSchema = z
  .strictObject({
    event,
    when: when.default(null),
    input: input.default({}),
    max_per_hour: maxPerHour.default(60),
    enabled: enabled.default(true),
  })
  .openapi("CreateTrigger", {
    example: {
      event: "order.fulfilled",
      input: { topic: "Thank the customer of order {{input.data.number}}" },
    },
  });

export const updateTriggerSchema = z
  .strictObject({ event, when, input, max_per_hour: maxPerHour, enabled })
  .partial()
  .openapi("UpdateTrigger", { example: { enabled: false } });

export type UpdateTrigger = z.output<typeof updateTriggerSchema>;
