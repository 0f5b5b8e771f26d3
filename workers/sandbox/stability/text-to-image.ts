import { z } from "zod";
import { digestOf } from "../digest.ts";
import { disturbedAnswer, type ErrorAnswer, jsonAnswer } from "../disturbed-answer.ts";
import { failureModeOf } from "../failure-modes.ts";
import { gradientPng } from "./png.ts";

const requestSchema = z.object({
  text_prompts: z.array(z.object({ text: z.string().min(1), weight: z.number().optional() })).min(1),
  width: z.number().int().min(64).max(2048).default(1024),
  height: z.number().int().min(64).max(2048).default(1024),
  seed: z.number().int().nonnegative().optional(),
  style_preset: z.string().optional(),
});

/** Images are made at this share of the size asked for: enough to look at, quick to make. */
const scale = 1 / 4;

const refuse = (status: number, name: string, headers: Record<string, string> = {}) =>
  Response.json({ id: "sandbox", name, message: name }, { status, headers });

const names: Record<number, string> = { 429: "rate_limit_exceeded" };
const errorAnswer: ErrorAnswer = (status, headers) =>
  refuse(status, names[status] ?? "server_error", headers);

const artifacts = (base64: string, seed: number, finishReason = "SUCCESS") => ({
  artifacts: [{ base64, seed, finishReason }],
});

/** Stability's v1 text-to-image: one PNG artifact that depends on prompt, seed and style alone. */
export async function answerImage(request: Request): Promise<Response> {
  if (!request.headers.get("authorization")) return refuse(401, "unauthorized");
  const parsed = requestSchema.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return refuse(400, "bad_request");
  const { text_prompts, width, height, seed, style_preset = "" } = parsed.data;
  const prompt = text_prompts.map(({ text }) => text).join("\n");
  const mode = failureModeOf(request, { text: prompt });
  const disturbed = await disturbedAnswer(mode, request, errorAnswer);
  if (disturbed) return disturbed;
  const used = seed || digestOf(prompt);
  switch (mode) {
    case "badimage":
      return Response.json(artifacts(btoa("not a PNG".repeat(20)), used));
    case "empty":
      return Response.json({ artifacts: [] });
    case "refusal":
      return Response.json(artifacts("", used, "CONTENT_FILTERED"));
  }
  const png = gradientPng(
    Math.round(width * scale),
    Math.round(height * scale),
    used ^ digestOf(style_preset),
  );
  const base64 = Buffer.from(mode === "halfimage" ? png.subarray(0, png.length / 2) : png).toString("base64");
  return jsonAnswer(artifacts(base64, used), mode);
}
