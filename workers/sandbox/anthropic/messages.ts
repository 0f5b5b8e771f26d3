import { digestOf } from "../digest.ts";
import { disturbedAnswer, type ErrorAnswer, endingOf, jsonAnswer } from "../disturbed-answer.ts";
import { type FailureMode, failureModeOf } from "../failure-modes.ts";
import { type AskedCall, callsAskedFor, callsObeyed, questionIn } from "./asked-calls.ts";
import { composeText } from "./compose.ts";
import { seenIn } from "./files.ts";
import { fillSchema, type Leaning } from "./fill-schema.ts";
import { titleIn, titleTool } from "./give-title.ts";
import type { Content, Message } from "./message.ts";
import { orderAnswer, orderCalls } from "./order-desk.ts";
import { planOfQuestion, questionInPrompt } from "./plan-of-question.ts";
import { insightsIn, insightsTool } from "./read-insights.ts";
import { beyondWindow, readUsage, tokensOf, tokensRead } from "./reading.ts";
import { type MessagesRequest, refusedSetting, requestSchema, thinks } from "./request-rules.ts";
import { streamMessage } from "./stream.ts";

const errorTypes: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

const refuse = (status: number, message: string, headers: Record<string, string> = {}): Response => {
  const type = errorTypes[status] ?? "api_error";
  return Response.json(
    { type: "error", error: { type, message }, request_id: "req_sandbox" },
    { status, headers },
  );
};
const errorAnswer: ErrorAnswer = (status, headers) =>
  refuse(status, "The sandbox was asked to fail", headers);

/** Anthropic's `POST /v1/messages`, plain and streaming, with tool use and the refusals of the real service. */
export async function answerMessages(request: Request): Promise<Response> {
  // The SDK sends its key as a bearer token; plain callers of the API as x-api-key.
  if (!request.headers.get("authorization") && !request.headers.get("x-api-key"))
    return refuse(401, "A key is missing");
  const parsed = requestSchema.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return refuse(400, parsed.error.issues[0]?.message ?? "Not readable");
  const { model, messages, stream } = parsed.data;
  if (!/^claude-|sandbox-/.test(model)) return refuse(404, `model: ${model}`);
  const refused = refusedSetting(parsed.data);
  if (refused !== undefined) return refuse(400, refused);
  // What is asked last; what was said before only counts.
  const { text, results } = questionIn(messages);
  const prompt = results === "" ? text : `${text}\n${results}`;
  // A repair is part of the call that it repairs.
  const key = request.headers.get("idempotency-key")?.replace(/:repair$/, "") ?? prompt;
  const mode = failureModeOf(request, { text: prompt, model, key });
  const disturbed = await disturbedAnswer(mode, request, errorAnswer);
  if (disturbed) return disturbed;
  const tooLong = beyondWindow(parsed.data);
  if (tooLong !== undefined) return refuse(400, tooLong);
  const message = messageFor(parsed.data, prompt, mode);
  if (stream) return streamMessage(message, endingOf(mode) ?? (mode === "interrupted" ? mode : undefined));
  return jsonAnswer(message, mode);
}

/** Anthropic's `POST /v1/messages/count_tokens`. */
export async function countTokens(request: Request): Promise<Response> {
  const given: unknown = await request.json().catch(() => undefined);
  const parsed = requestSchema.safeParse(typeof given === "object" ? { ...given, max_tokens: 1 } : given);
  if (!parsed.success) return refuse(400, parsed.error.issues[0]?.message ?? "Not readable");
  return Response.json({ input_tokens: tokensRead(parsed.data) });
}

function messageFor(request: MessagesRequest, prompt: string, mode: FailureMode | undefined): Message {
  const { model } = request;
  const thoughts: Content[] = thinks(model)
    ? [{ type: "thinking", thinking: "", signature: `sandbox-${digestOf(prompt)}` }]
    : [];
  const content = mode === "refusal" ? [] : [...thoughts, ...contentFor(request, prompt, mode)];
  const usesTool = content.some(({ type }) => type === "tool_use");
  return {
    id: `msg_${digestOf(`${model}${prompt}`).toString(36)}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: mode === "refusal" ? "refusal" : usesTool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: {
      ...readUsage(request),
      output_tokens: mode === "refusal" ? 1 : tokensOf(JSON.stringify(content)),
    },
  };
}

/** The one tool that an answer is handed in with is used, of others those that the words ask for, one round after another. */
function contentFor(request: MessagesRequest, prompt: string, mode: FailureMode | undefined): Content[] {
  const { tools = [], tool_choice, messages } = request;
  if (mode === "empty") return [];
  const seen = seenIn(messages);
  const words: Content = { type: "text", text: [seen, composeText(prompt)].filter(Boolean).join("\n\n") };
  if (tools.length === 0 || tool_choice?.type === "none") return [words];
  const inputOf = (name: string | undefined) => {
    if (name === insightsTool && mode !== "misfit") return insightsIn(prompt);
    if (name === titleTool && mode !== "misfit") return titleIn(prompt);
    if (name === "fill_plan") return planFor(prompt, mode);
    const schema = tools.find((tool) => tool.name === name)?.input_schema;
    return mode === "misfit" || !schema ? { unexpected: true } : fillSchema(schema, prompt, leaningOf(mode));
  };
  const isForm = tool_choice?.disable_parallel_tool_use === true;
  const { text, rounds, results } = questionIn(messages);
  const obeyed = mode === "obey" ? callsObeyed(JSON.stringify(request.system ?? ""), messages) : undefined;
  const calls = isForm
    ? [{ name: tools[0]?.name ?? "" }]
    : (obeyed ?? [
        ...callsAskedFor(text, rounds),
        ...orderCalls(
          text,
          results,
          tools.map((tool) => tool.name),
        ),
      ]);
  if (isForm && mode === "words") {
    const json = JSON.stringify(inputOf(calls[0]?.name), null, 2);
    return [{ type: "text", text: `Here it is:\n\n\`\`\`json\n${json}\n\`\`\`` }];
  }
  if (calls.length === 0) {
    const answer = orderAnswer(text, results);
    return answer === undefined ? [words] : [{ type: "text", text: answer }];
  }
  const id = `toolu_${digestOf(`${prompt}${rounds}`).toString(36)}`;
  return calls.map(({ name, input }: AskedCall, index) => ({
    type: "tool_use",
    id: index === 0 ? id : `${id}_${index}`,
    name,
    input: input ?? inputOf(name),
  }));
}

/** The plan of the question in a prompt; a bad one names a field that there is not. */
function planFor(prompt: string, mode: FailureMode | undefined): unknown {
  const { question, today } = questionInPrompt(prompt);
  const plan = planOfQuestion(question, today);
  return mode === "badplan" || mode === "misfit" ? { ...plan, dimensions: ["horoscope"] } : plan;
}

function leaningOf(mode: FailureMode | undefined): Leaning {
  return {
    booleans: mode !== "reject",
    ...(mode === "reject" ? { share: 0.3 } : {}),
    fixed: {
      ...(mode === "unsure" ? { confidence: 0.2 } : {}),
      ...(mode === "conflict"
        ? { conflicting_constraints: ["It cannot be cheap and complete at once"] }
        : {}),
    },
  };
}
