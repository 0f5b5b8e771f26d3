import { z } from "@hono/zod-openapi";
import { plainText } from "#src/conversations/index.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { patternProblem } from "#src/json-schema/pattern.ts";
import { moderationActions } from "#src/kernel/chat-words.ts";

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .openapi({ description: "What it is called; the staff is told it", example: "Insults" });

const word = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((text) => plainText(text) !== "", "Nothing that can be looked for");

const words = z
  .array(word)
  .max(200)
  .openapi({
    description:
      "Words, or several in a row, that are found as words of their own, whatever their case and accents; in scripts " +
      "without spaces wherever they stand",
    example: ["nincompoop"],
  });

const pattern = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = patternProblem(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  })
  .nullable()
  .openapi({
    description:
      "A regular expression; without look-arounds and back references, so that it never takes long",
    example: "\\b\\d{4} \\d{4} \\d{4} \\d{4}\\b",
  });

const action = z.enum(moderationActions).openapi({
  description:
    "`flag`: the staff is told; `hold`: nobody but its sender and the staff sees it, and the persona does not answer; " +
    "`refuse`: it is not taken; `ban`: nor is anything else that its sender writes. Of several rules that a text fits the gravest decides",
});

const banSeconds = z
  .number()
  .int()
  .min(60)
  .max(315_360_000)
  .nullable()
  .openapi({ description: "How long `ban` is for; null for good" });

const isActive = z.boolean().openapi({ description: "Whether messages are held against it" });

export const ruleSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    words: z.array(z.string()).openapi({ description: "What is looked for as words of their own" }),
    pattern: z.string().nullable().openapi({ description: "A regular expression" }),
    action,
    ban_seconds: banSeconds,
    is_active: isActive,
    created_by: z.string().openapi({ description: "Who has made it" }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("ModerationRule");

export const ruleListSchema = z
  .object({ rules: z.array(ruleSchema), ...pageFields })
  .openapi("ModerationRuleList");

export const ruleParams = z.object({ rule_id: z.uuid() });

export const ruleListQuery = cursorQuery().extend({
  client_id: clientIdSchema.optional().openapi({ description: "Whose, for administrators of the platform" }),
});

/** Whether a rule looks for anything. */
export const looksForSomething = (rule: { words: readonly string[]; pattern: string | null }): boolean =>
  rule.words.length > 0 || rule.pattern !== null;

/** What a rule is refused with that looks for nothing. */
export const lookFor = { path: ["words"], message: "`words`, `pattern`, or both" };

export const newRuleSchema = z
  .strictObject({
    name,
    words: words.default([]),
    pattern: pattern.default(null),
    action,
    ban_seconds: banSeconds.default(null),
    is_active: isActive.default(true),
  })
  .refine(looksForSomething, lookFor)
  .openapi("NewModerationRule", { example: { name: "Insults", words: ["nincompoop"], action: "refuse" } });

export const changedRuleSchema = z
  .strictObject({ name, words, pattern, action, ban_seconds: banSeconds, is_active: isActive })
  .partial()
  .openapi("ChangedModerationRule", { example: { is_active: false } });
