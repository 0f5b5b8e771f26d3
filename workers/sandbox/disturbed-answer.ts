import type { FailureMode } from "./failure-modes.ts";

const slowMilliseconds = 3000;
const hugeBytes = 20 * 1024 * 1024;

/** Waits, but no longer than somebody waits for the answer. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** An error answer in a provider's own form. */
export type ErrorAnswer = (status: number, headers?: Record<string, string>) => Response;

/** The answer of a mode that no provider has of its own; undefined when the call goes on. */
export async function disturbedAnswer(
  mode: FailureMode | undefined,
  { signal }: Request,
  errorAnswer: ErrorAnswer,
): Promise<Response | undefined> {
  switch (mode) {
    case "429":
      return errorAnswer(429, { "retry-after": "1" });
    case "429-long":
      return errorAnswer(429, { "retry-after": "60" });
    case "529":
      return errorAnswer(529);
    case "fail":
    case "500":
      return errorAnswer(500);
    case "slow":
      await pause(slowMilliseconds, signal);
      return undefined;
    case "hang":
      await pause(600_000, signal);
      return errorAnswer(500);
    case "huge":
      return hugeAnswer();
    default:
      return undefined;
  }
}

/** 20 MB of JSON that never gets to the point, made as it is read. */
function hugeAnswer(): Response {
  const block = new TextEncoder().encode("x".repeat(64 * 1024));
  let sent = 0;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"padding":"')),
    pull(controller) {
      if (sent >= hugeBytes) {
        controller.enqueue(new TextEncoder().encode('"}'));
        controller.close();
        return;
      }
      sent += block.byteLength;
      controller.enqueue(block);
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** Text that breaks off: closed, reset, or left hanging. */
export function brokenOff(text: string, ending: "closed" | "reset" | "hanging", type: string): Response {
  const body = new ReadableStream(
    {
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      // Only when what there is has been read: an error would take it away again.
      pull(controller) {
        if (ending === "closed") controller.close();
        else if (ending === "reset") controller.error(new Error("connection reset"));
        else return new Promise<void>(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": type } });
}

/** How an answer of a mode ends; undefined for one that arrives whole. */
export const endingOf = (mode: FailureMode | undefined): "closed" | "reset" | "hanging" | undefined =>
  mode === "truncated" ? "closed" : mode === "reset" ? "reset" : mode === "stall" ? "hanging" : undefined;

/** A JSON answer, or its first half when the mode says so. */
export function jsonAnswer(value: unknown, mode: FailureMode | undefined): Response {
  const ending = endingOf(mode);
  if (!ending) return Response.json(value);
  const text = JSON.stringify(value);
  return brokenOff(text.slice(0, Math.ceil(text.length / 2)), ending, "application/json");
}
