import { z } from "zod";
import { digestOf } from "../digest.ts";
import { failureModeOf, isFirst, sleep, slowMilliseconds } from "../failure-modes.ts";
import { gradientPng } from "./png.ts";

const requestSchema = z.object({
  text_prompts: z.array(z.object({ text: z.string() })).min(1),
  width: z.number().int().min(64).max(2048).default(1024),
  height: z.number().int().min(64).max(2048).default(1024),
  seed: z.number().int().nonnegative().optional(),
});

/** Images are made at this share of the size asked for: enough to look at, quick to make. */
const scale = 1 / 4;

const refusal = (status: number, name: string, headers: Record<string, string> = {}) =>
  Response.json({ id: "sandbox", name, message: name }, { status, headers });

/** Stability's v1 text-to-image: one PNG artifact that depends on prompt and seed alone. */
export async function answerImage(request: Request): Promise<Response> {
  if (!request.headers.get("authorization")) return refusal(401, "unauthorized");
  const parsed = requestSchema.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return refusal(400, "bad_request");
  const { text_prompts, width, height, seed } = parsed.data;
  const prompt = text_prompts.map(({ text }) => text).join("\n");
  switch (failureModeOf(request, prompt)) {
    case "429":
      return refusal(429, "rate_limit_exceeded", { "retry-after": "60" });
    case "429-once":
      if (isFirst(`image:${prompt}`)) return refusal(429, "rate_limit_exceeded", { "retry-after": "0" });
      break;
    case "500-once":
      if (isFirst(`image:${prompt}`)) return refusal(500, "server_error");
      break;
    case "fail":
    case "529":
      return refusal(500, "server_error");
    case "slow":
      await sleep(slowMilliseconds);
      break;
    case "badimage":
      return Response.json({ artifacts: [{ base64: btoa("not a PNG"), seed: 1, finishReason: "SUCCESS" }] });
    case "refusal":
      return Response.json({ artifacts: [{ base64: "", seed: 1, finishReason: "CONTENT_FILTERED" }] });
    case "truncated":
      return new Response('{"artifacts":[{"base64":"iVBORw0');
    case "huge":
      return new Response(`{"artifacts":[{"base64":"${"A".repeat(20 * 1024 * 1024)}"}]}`);
  }
  const used = seed || digestOf(prompt);
  const png = gradientPng(Math.round(width * scale), Math.round(height * scale), used);
  return Response.json({
    artifacts: [{ base64: Buffer.from(png).toString("base64"), seed: used, finishReason: "SUCCESS" }],
  });
}
