import { z } from "@hono/zod-openapi";
import { nextCursorSchema } from "#src/http/page.ts";
import { queueNames } from "#src/tasks/index.ts";

const count = z.number().int().nonnegative();
const time = z.iso.datetime();

const queueViewSchema = z
  .object({
    queue: z.enum(queueNames),
    consumer: z.string(),
    dead_letter_queue: z.string(),
    backlog: count.openapi({ description: "Messages that no consumer has taken yet" }),
    backlog_bytes: count,
    oldest_message_at: time.nullable(),
    dead_letters: count.openapi({ description: "Since `since`" }),
  })
  .openapi("Queue");

const topicViewSchema = z
  .object({
    topic: z.string(),
    description: z.string(),
    queues: z
      .array(z.enum(queueNames))
      .openapi({ description: "Empty when it goes straight to its consumer" }),
    consumer: z.string(),
    backlog: count.nullable().openapi({
      description:
        "Tasks that wait for their turn, lie on a queue, are at work or wait for another attempt, as of at most half " +
        "a minute ago; of other messages those that wait on a queue; null without one",
    }),
    processed: count
      .nullable()
      .openapi({ description: "Task attempts of runs that ended since `since`; null for other messages" }),
    failures: count.openapi({
      description: "Failed task attempts, or dead letters of other messages, since `since`",
    }),
  })
  .openapi("Topic");

export const topicListSchema = z
  .object({
    topics: z.array(topicViewSchema),
    count,
    next_cursor: nextCursorSchema,
    queues: z.array(queueViewSchema),
    since: time.openapi({ description: "Beginning of the day, six days ago (UTC)" }),
  })
  .openapi("TopicList");
export type TopicList = z.infer<typeof topicListSchema>;

export const deadLetterSchema = z
  .object({
    id: z.string(),
    queue: z.string(),
    reason: z.string(),
    body: z.unknown(),
    client_id: z.string().nullable(),
    correlation_id: z.string().nullable(),
    task_id: z.string().nullable(),
    failed_at: time,
    redriven_at: time.nullable(),
    redriven_by: z.string().nullable(),
  })
  .openapi("DeadLetter");

export const redriveSchema = z
  .strictObject({
    queue: z.string().min(1).max(200).openapi({ description: "As the dead letters name it" }),
    reason: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .openapi({ description: "Only those that failed for this reason", example: "Malformed" }),
    limit: z.number().int().min(1).max(50).default(50),
    cursor: z
      .string()
      .max(512)
      .optional()
      .openapi({ description: "`next_cursor` of the call before: goes on behind what that one has tried" }),
  })
  .openapi("Redrive", { example: { queue: "agent-tasks-normal", reason: "Malformed", limit: 50 } });

export const redrivenListSchema = z
  .object({
    outcomes: z
      .array(
        z.object({
          id: z.string(),
          is_sent: z.boolean().openapi({ description: "Whether it is on its queue again" }),
          message: z
            .string()
            .nullable()
            .openapi({ description: "Why it could never succeed, where it is not sent" }),
        }),
      )
      .openapi({ description: "What became of each, the newest first" }),
    sent: count.openapi({ description: "How many are on their queue again" }),
    count,
    next_cursor: nextCursorSchema,
  })
  .openapi("RedrivenDeadLetters");

export const deadLetterListSchema = z
  .object({ dead_letters: z.array(deadLetterSchema), count, next_cursor: nextCursorSchema })
  .openapi("DeadLetterList");
