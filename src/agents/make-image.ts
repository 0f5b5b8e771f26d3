import { z } from "zod";
import type { TaskWork } from "../messaging/consume-tasks.ts";
import { TaskError } from "../messaging/task-error.ts";
import type { CircuitBreakerApi } from "../providers/circuit-breaker-api.ts";
import { guardedCall } from "../providers/guarded-call.ts";
import { generateImage } from "../providers/image/image-client.ts";
import { sizeOfAspectRatio } from "../providers/image/image-size.ts";
import type { Upstream } from "../providers/upstream.ts";
import type { TaskResult } from "../workflows/task-report.ts";

const inputSchema = z
  .object({
    prompt: z.string().trim().min(1).max(4000).optional(),
    topic: z.string().trim().min(1).max(4000).optional(),
    aspect_ratio: z.string().max(10).default("1:1"),
    seed: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
    style_preset: z.string().max(50).optional(),
  })
  .transform(({ prompt, topic, ...rest }) => ({ prompt: prompt ?? topic ?? "", ...rest }))
  .refine(({ prompt }) => prompt !== "", { path: ["prompt"], message: "Missing" });

/** Where a task's image lies; a task delivered twice writes one object. */
export const imageKey = ({ clientId, correlationId, taskId }: TaskWork["assignment"]): string =>
  `images/${clientId}/${correlationId}/${taskId}.png`;

/** The image adapter: generates, decodes into R2, answers with the address (spec 04-agents, "Adapters worker"). */
export async function makeImage(
  { assignment, signal }: TaskWork,
  { upstream, breaker, blobs }: { upstream: Upstream; breaker: CircuitBreakerApi; blobs: R2Bucket },
): Promise<TaskResult> {
  const begun = Date.now();
  const parsed = inputSchema.safeParse({ ...assignment.agent?.defaultConfig, ...assignment.input });
  if (!parsed.success) throw new TaskError("VALIDATION_ERROR", z.prettifyError(parsed.error));
  const { prompt, aspect_ratio, seed, style_preset } = parsed.data;
  const size = sizeOfAspectRatio(aspect_ratio);
  const image = await guardedCall("stability", breaker, () =>
    generateImage(upstream, { prompt, ...size, seed, stylePreset: style_preset }, signal),
  );
  const key = imageKey(assignment);
  await blobs.put(key, image.png, {
    httpMetadata: { contentType: "image/png" },
    customMetadata: {
      prompt: encodeURIComponent(prompt.slice(0, 300)),
      seed: String(image.seed),
      user_id: assignment.userId,
      instance_id: assignment.instanceId ?? "",
    },
  });
  return {
    output: { image_uri: `/api/v1/${key}`, prompt, seed: image.seed },
    usage: { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: Date.now() - begun },
  };
}
