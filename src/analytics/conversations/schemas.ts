import { z } from "@hono/zod-openapi";
import { periodSchema } from "../users/schemas.ts";

const count = z.number().int().nonnegative();
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });
const ms = z.number().nonnegative().nullable();

const length = z
  .object({
    count,
    p50_ms: said(ms, "Half of them took no longer"),
    p95_ms: said(ms, "Of twenty nineteen took no longer"),
  })
  .openapi("Lengths", { description: "Give or take 5 %; null where there are none" });

const happened = { started: count, ended: count, handed_over: said(count, "Came to wait for a person") };

export const conversationAnalyticsSchema = z
  .object({
    period: said(periodSchema, "The days that it is of"),
    totals: said(
      z.object({
        ...happened,
        taken: said(count, "Of those that waited, taken by a person"),
        resolved_by_persona: said(count, "Ended without an answer of a person"),
      }),
      "Of all the days together",
    ),
    by_status: said(z.record(z.string(), count), "How conversations stand now"),
    by_holder: said(
      z.record(z.enum(["persona", "queue", "user"]), count),
      "Who holds those now that have not ended",
    ),
    by_persona: said(
      z.array(
        z
          .object({
            instance_id: z.string(),
            name: said(z.string().nullable(), "What it is called"),
            ...happened,
          })
          .openapi("ConversationsOfPersona"),
      ),
      "The twenty with most; empty over all tenants",
    ),
    first_answer: said(
      z.object({
        persona: said(length, "From the owner’s first message to a persona’s first answer"),
        person: said(length, "From the call for a person to the first answer of one"),
      }),
      "How long it took until somebody answered",
    ),
    time_to_take: said(length, "From the call for a person until one took it"),
    time_to_end: said(length, "From the beginning to the end"),
    sentiment: said(
      z.object({
        average: said(z.number().min(-1).max(1).nullable(), "From -1 to 1; null where nothing was read"),
        count: said(count, "Times that what somebody had said was read"),
        positive: said(count, "Of them, that seemed to feel well"),
        neutral: said(count, "Neither well nor badly"),
        negative: said(count, "Badly"),
      }),
      "How owners seemed to feel, of those who have agreed to insights",
    ),
    topics: said(
      z.array(z.object({ name: z.string(), count }).openapi("ConversationTopic")),
      "The twenty that most conversations were about, and at least three, of those who have agreed to insights",
    ),
    series: said(
      z.array(
        z
          .object({
            at: said(
              z.iso.datetime(),
              "When its hour, day, week or month begins, in the time zone’s own time",
            ),
            ...happened,
          })
          .openapi("ConversationPoint"),
      ),
      "One for each, in order, also where nothing was",
    ),
  })
  .openapi("ConversationAnalytics");
export type ConversationAnalytics = z.infer<typeof conversationAnalyticsSchema>;
