import type { SSEStreamingApi } from "hono/streaming";
import { resumeChat, streamChat, type UiFrame } from "#src/chat/index.ts";
import type { GatewayRequest } from "../context.ts";
import { eventStream } from "../rest/event-stream.ts";
import { get, post, restRouter } from "../rest/table.ts";
import { eventsOffer } from "./conversations.ts";

/** The stream that the AI SDK reads: chunks as data, and a last word. */
const uiStream = (c: GatewayRequest, frames: AsyncGenerator<UiFrame>): Response => {
  const answer = eventStream(c, withLastWord(frames), write);
  answer.headers.set("x-vercel-ai-ui-message-stream", "v1");
  return answer;
};

async function* withLastWord(frames: AsyncGenerator<UiFrame>): AsyncGenerator<UiFrame | "[DONE]"> {
  yield* frames;
  yield "[DONE]";
}

const write = (stream: SSEStreamingApi, frame: UiFrame | "[DONE]") =>
  frame === "quiet"
    ? stream.write(": heartbeat\n\n")
    : stream.writeSSE({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });

export const chat = restRouter("Conversations", [
  post("/", streamChat, "The answer", { ...eventsOffer, answer: (c, { output }) => uiStream(c, output) }),
  get("/{conversation_id}/stream", resumeChat, "The answer", {
    responses: { ...eventsOffer.responses, 204: { description: "Nothing is being written" } },
    answer: (c, { output }) => (output ? uiStream(c, output) : c.body(null, 204)),
  }),
]);
