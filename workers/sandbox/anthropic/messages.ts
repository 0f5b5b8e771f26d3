import { z } from "zod";
import { digestOf } from "../digest.ts";
import { type FailureMode, failureModeOf, isFirst, sleep, slowMilliseconds } from "../failure-modes.ts";
import { composeText, fillSchema } from "./compose.ts";
import { streamMessage } from "./stream.ts";

const blockSchema = z.object({ type: z.string(), text: z.string().optional() });
const requestSchema = z.object({
  model: z.string(),
  max_tokens: z.number().int().positive(),
  system: z.union([z.string(), z.array(blockSchema)]).optional(),
  messages: z
    .array(
      z.object({ role: z.enum(["user", "assistant"]), content: z.union([z.string(), z.array(blockSchema)]) }),
    )
    .min(1),
  stream: z.boolean().default(false),
  tools: z.array(z.object({ name: z.string(), input_schema: z.record(z.string(), z.unknown()) })).optional(),
  tool_choice: z.object({ type: z.string(), name: z.string().optional() }).optional(),
});

type Content =
  | { type: "text"; text: string }
  | { type: "tool_use"; id: string; name: string; input: unknown };

export interface Message {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: Content[];
  stop_reason: string;
  stop_sequence: null;
  usage: { input_tokens: number; output_tokens: number };
}

const errorAnswer = (status: number, type: string, headers: Record<string, string> = {}) =>
  Response.json({ type: "error", error: { type, message: `Sandbox: ${type}` } }, { status, headers });

const textOf = (content: string | { text?: string }[]) =>
  typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("\n");

/** About four characters a token, as a rule of thumb has it. */
const tokensOf = (text: string) => Math.max(1, Math.ceil(text.length / 4));

/** Anthropic's `POST /v1/messages`, plain and streaming, with forced tool use. */
export async function answerMessages(request: Request): Promise<Response> {
  // The SDK sends its key as a bearer token; plain callers of the API as x-api-key.
  if (!request.headers.get("authorization") && !request.headers.get("x-api-key"))
    return errorAnswer(401, "authentication_error");
  const parsed = requestSchema.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return errorAnswer(400, "invalid_request_error");
  const { model, messages, system, stream, tools, tool_choice } = parsed.data;
  const prompt = messages.map(({ content }) => textOf(content)).join("\n");
  const mode = failureModeOf(request, `${prompt} ${model}`);
  const refusal = await refusalOf(mode, request.headers.get("idempotency-key") ?? prompt);
  if (refusal) return refusal;

  const tool = tools?.find(({ name }) => name === tool_choice?.name);
  const content: Content[] = tool
    ? [
        {
          type: "tool_use",
          id: `toolu_${digestOf(prompt).toString(36)}`,
          name: tool.name,
          input: fillSchema(tool.input_schema, prompt),
        },
      ]
    : [{ type: "text", text: mode === "empty" ? "" : composeText(prompt) }];
  const message: Message = {
    id: `msg_${digestOf(`${model}${prompt}`).toString(36)}`,
    type: "message",
    role: "assistant",
    model,
    content: mode === "refusal" ? [] : content,
    stop_reason: mode === "refusal" ? "refusal" : tool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: tokensOf(prompt + textOf(system ?? "")),
      output_tokens: tokensOf(JSON.stringify(content)),
    },
  };
  if (stream) return streamMessage(message, mode === "reset" || mode === "truncated");
  if (mode === "truncated")
    return new Response(JSON.stringify(message).slice(0, 60), {
      headers: { "content-type": "application/json" },
    });
  return Response.json(message);
}

/** The answer of a mode that refuses the call; undefined when it goes on. */
async function refusalOf(mode: FailureMode | undefined, key: string): Promise<Response | undefined> {
  switch (mode) {
    case "429":
      return errorAnswer(429, "rate_limit_error", { "retry-after": "60" });
    case "429-once":
      return isFirst(key) ? errorAnswer(429, "rate_limit_error", { "retry-after": "0" }) : undefined;
    case "500-once":
      return isFirst(key) ? errorAnswer(500, "api_error") : undefined;
    case "529":
      return errorAnswer(529, "overloaded_error");
    case "fail":
      return errorAnswer(500, "api_error");
    case "slow":
      await sleep(slowMilliseconds);
      return undefined;
    case "huge":
      return new Response("x".repeat(20 * 1024 * 1024), { headers: { "content-type": "application/json" } });
    default:
      return undefined;
  }
}
