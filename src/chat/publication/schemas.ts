import { z } from "@hono/zod-openapi";
import { builtInTools, conversationTools } from "#src/engine/tool-loop/built-in-tools.ts";
import { workflowPrefix } from "#src/engine/topics.ts";
import { busyWays, chatAudiences } from "#src/kernel/chat-words.ts";
import { personalisations } from "#src/kernel/personalisation-words.ts";

const text = (max: number) => z.string().trim().min(1).max(max);

/** Tools of conversations, besides workflows. */
const tools = [...builtInTools, ...conversationTools].map(({ name }) => name);

const isTool = (name: string): boolean =>
  tools.some((tool) => tool === name) ||
  (name.startsWith(workflowPrefix) && name.length > workflowPrefix.length);

const handsOver = (name: string): boolean => name === "handover_to_human";

const handoverSchema = z
  .strictObject({
    enabled: z.boolean().openapi({ description: "Whether people may ask for a person" }),
    triggers: z
      .strictObject({
        words: z
          .array(text(100))
          .max(50)
          .default([])
          .openapi({ description: "A message with one of them is for a person", example: ["a real person"] }),
        unhelpful_turns: z
          .boolean()
          .default(false)
          .openapi({ description: "Whether what is said after two failed answers in a row is for a person" }),
        wants_human: z
          .boolean()
          .default(false)
          .openapi({ description: "Whether who seems to want a person gets one; needs `insights`" }),
        sentiment_below: z
          .number()
          .min(-1)
          .max(1)
          .nullable()
          .default(null)
          .openapi({ description: "Who seems to feel worse gets a person, from -1 to 1; needs `insights`" }),
      })
      .prefault({})
      .openapi({ description: "What has a person take over without being asked for" }),
  })
  .openapi("PersonaHandover");

const told =
  "What it is told of whom it talks with, as far as they agree: nothing, how they like to be talked with, or all";

const titled =
  "Whether a conversation that its owner has not named gets a title after its first answer, from a small model and the persona's fuel";

const followed =
  "The workflow that its turns follow: one of its steps has the action `chat_turn`, which answers. Null for that step alone";

const read = "Whether what is said to it is read for moods, topics and facts, of whoever agrees to that";

export const personaChatSchema = z
  .object({
    enabled: z.boolean().openapi({ description: "Whether others than the owner may talk with it at all" }),
    audience: z.enum(chatAudiences).openapi({
      description: "`tenant`: everybody in it; `public`: visitors of its widgets as well",
    }),
    greeting: z.string().nullable().openapi({ description: "What it says before anybody has asked" }),
    starters: z.array(z.string()).openapi({ description: "What one might ask it, for who does not know" }),
    fuel_per_turn: z.number().int().nullable().openapi({
      description: "Fuel units of an answer; what the owner's tier gives a run when null, and never more",
    }),
    daily_turns_per_person: z.number().int().nullable().openapi({
      description: "Answers that anybody but its owner may have within a day; no bound when null",
    }),
    on_busy: z.enum(busyWays).openapi({
      description: "What becomes of a message that comes while an answer is being written",
    }),
    handover: handoverSchema,
    tools: z.array(z.string()).openapi({ description: "What it may use while it answers" }),
    personalisation: z.enum(personalisations).openapi({ description: told }),
    insights: z.boolean().openapi({ description: read }),
    auto_title: z.boolean().openapi({ description: titled }),
    chat_workflow: z.string().nullable().openapi({ description: followed }),
  })
  .openapi("PersonaChat");

export const publishSchema = z
  .strictObject({
    enabled: z.boolean(),
    audience: z.enum(chatAudiences).default("tenant"),
    greeting: text(2000).nullable().default(null),
    starters: z.array(text(200)).max(6).default([]),
    fuel_per_turn: z.number().int().min(1).max(1_000_000).nullable().default(null),
    daily_turns_per_person: z.number().int().min(1).max(10_000).nullable().default(null),
    on_busy: z.enum(busyWays).default("queue"),
    handover: z
      .union([z.boolean(), handoverSchema])
      .default(false)
      .openapi({ description: "`true` stands for `{ enabled: true }`" }),
    tools: z
      .array(text(100).refine(isTool, `One of ${tools.join(", ")}, ${workflowPrefix}{name}`))
      .max(20)
      .refine((names) => new Set(names).size === names.length, "Each once")
      .default([]),
    personalisation: z.enum(personalisations).default("off").openapi({ description: told }),
    insights: z.boolean().default(false).openapi({ description: read }),
    auto_title: z.boolean().default(false).openapi({ description: titled }),
    chat_workflow: text(100).nullable().default(null).openapi({ description: followed }),
  })
  .refine(({ handover, tools: named }) => handoverOf(handover).enabled || !named.some(handsOver), {
    path: ["tools"],
    message: "handover_to_human needs handover",
  })
  .refine(({ audience, daily_turns_per_person: daily }) => audience !== "public" || daily !== null, {
    path: ["daily_turns_per_person"],
    message: "public needs a bound for each day",
  })
  .openapi("PublishPersona", {
    example: { enabled: true, audience: "tenant", greeting: "What may I do for you?" },
  });

/** How a persona hands over to people, however that was said. */
export const handoverOf = (said: boolean | z.infer<typeof handoverSchema>): z.infer<typeof handoverSchema> =>
  typeof said === "boolean" ? handoverSchema.parse({ enabled: said }) : said;
