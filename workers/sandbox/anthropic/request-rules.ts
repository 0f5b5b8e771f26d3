import { z } from "zod";
import { brokenCalls } from "./asked-calls.ts";
import { brokenFile } from "./files.ts";

const sourceSchema = z.looseObject({
  type: z.string(),
  media_type: z.string().optional(),
  data: z.string().optional(),
});

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: sourceSchema.optional(),
});

/** The part of a Messages request that the sandbox understands. */
export const requestSchema = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  system: z.union([z.string(), z.array(blockSchema)]).optional(),
  messages: z
    .array(
      z.object({ role: z.enum(["user", "assistant"]), content: z.union([z.string(), z.array(blockSchema)]) }),
    )
    .min(1),
  stream: z.boolean().default(false),
  temperature: z.number().min(0).max(1).optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  tools: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        input_schema: z.looseObject({ type: z.literal("object") }),
      }),
    )
    .optional(),
  tool_choice: z
    .looseObject({
      type: z.string(),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
});

export type MessagesRequest = z.infer<typeof requestSchema>;

/** Models of the 4.5 and 4.6 generation still take what the later ones refuse. */
const takesAnything = /^claude-(?:haiku|sonnet|opus)-4-[56]/;

/** Whether a model thinks before it answers. */
export const thinks = (model: string): boolean => !takesAnything.test(model) && !/-4-\d/.test(model);

/** Why the real service would refuse the request with 400; undefined when it would not. */
export function refusedSetting({
  model,
  temperature,
  tool_choice,
  thinking,
  messages,
  ...rest
}: MessagesRequest) {
  const broken = brokenCalls(messages, thinks(model)) ?? brokenFile(messages);
  if (broken !== undefined || takesAnything.test(model)) return broken;
  if (temperature !== undefined || "top_p" in rest || "top_k" in rest) {
    return "temperature, top_p and top_k are not supported for this model";
  }
  if (!thinks(model)) return undefined;
  if (tool_choice && ["any", "tool"].includes(tool_choice.type)) {
    return "Forced tool use is not supported for this model";
  }
  if (thinking && ["enabled", "disabled"].includes(thinking.type)) {
    return `thinking.type.${thinking.type} is not supported for this model`;
  }
  if (messages.at(-1)?.role === "assistant") return "Assistant prefill is not supported for this model";
  return undefined;
}
