import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import type { CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import { guardedCall } from "#src/providers/guarded-call.ts";
import { generateImage, type ImageRequest } from "#src/providers/image/image-client.ts";
import { readAspectRatio, sizeOfAspectRatio } from "#src/providers/image/image-size.ts";
import { presetOf, stylePresets } from "#src/providers/image/image-style.ts";
import type { Upstream } from "#src/providers/upstream.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/carry-out.ts";
import { cutText } from "#src/text/cut-text.ts";

const pixels = z.coerce.number().int().min(64).max(4096);

const inputSchema = z
  .object({
    prompt: z.string().trim().min(1).max(4000).optional(),
    /** A run's own input has a topic; an image step without input draws that. */
    topic: z.string().trim().min(1).max(4000).optional(),
    negative_prompt: z.string().trim().min(1).max(2000).optional(),
    aspect_ratio: z
      .string()
      .max(20)
      .refine((text) => readAspectRatio(text) !== undefined, "An aspect ratio like 16:9")
      .optional(),
    width: pixels.optional(),
    height: pixels.optional(),
    seed: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
    style_preset: z.enum(stylePresets).optional(),
    /** A preset's name, or words of one's own. */
    style: z.string().trim().min(1).max(200).optional(),
  })
  .refine(({ prompt, topic }) => (prompt ?? topic) !== undefined, { path: ["prompt"], message: "Missing" });

/** Where a task's image lies; a task delivered twice writes one object. */
const imageKey = ({ clientId, correlationId, taskId }: TaskWork["assignment"]): string =>
  `images/${clientId}/${correlationId}/${taskId}.png`;

/** R2 keeps at most 2 KB of metadata, as header values. */
function metadataText(text: string): string {
  let encoded = "";
  for (const character of cutText(text, 300)) {
    const longer = encoded + encodeURIComponent(character);
    if (longer.length > 900) break;
    encoded = longer;
  }
  return encoded;
}

/**
 * The image adapter: generates, stores the decoded picture, answers with its
 * address (docs/agents.md#adapters). What an earlier delivery of the
 * task has stored already is not generated again.
 */
export async function makeImage(
  { assignment, signal }: TaskWork,
  { upstream, breaker, blobs }: { upstream: Upstream; breaker: CircuitBreakerApi; blobs: R2Bucket },
): Promise<TaskOutcome> {
  const request = requestOf(assignment);
  const key = imageKey(assignment);
  const output = (seed: number) => ({
    output: { image_uri: `/api/v1/${key}`, prompt: request.prompt, seed },
  });
  const known = await blobs.head(key);
  if (known) return output(Number(known.customMetadata?.seed ?? 0));
  const { deadline } = assignment;
  const image = await guardedCall({ provider: "stability", breaker, signal, deadline }, () =>
    generateImage(upstream, request, { signal }),
  );
  await blobs.put(key, image.png, {
    httpMetadata: { contentType: "image/png" },
    customMetadata: {
      prompt: metadataText(request.prompt),
      seed: String(image.seed),
      width: String(image.width),
      height: String(image.height),
      ...(request.stylePreset ? { style: request.stylePreset } : {}),
      user_id: assignment.userId,
      instance_id: assignment.instanceId ?? "",
    },
  });
  return output(image.seed);
}

function requestOf({ agent, input }: TaskWork["assignment"]): ImageRequest & { prompt: string } {
  const parsed = inputSchema.safeParse({ ...agent?.defaultConfig, ...input });
  if (!parsed.success) throw new TaskError("VALIDATION_ERROR", z.prettifyError(parsed.error));
  const { prompt, topic, negative_prompt, aspect_ratio, width, height, seed, style, style_preset } =
    parsed.data;
  const preset = style_preset ?? (style === undefined ? undefined : presetOf(style));
  const wanted = prompt ?? topic ?? "";
  const ratio = width && height ? width / height : readAspectRatio(aspect_ratio ?? "1:1");
  return {
    prompt: style !== undefined && !preset ? `${wanted}, ${style} style` : wanted,
    negativePrompt: negative_prompt,
    ...sizeOfAspectRatio(ratio ?? 1),
    seed,
    stylePreset: preset,
  };
}
