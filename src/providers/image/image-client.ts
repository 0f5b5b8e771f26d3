import { z } from "zod";
import { requestJson } from "../json-request.ts";
import { ProviderError } from "../provider-error.ts";
import type { Upstream } from "../upstream.ts";
import { decodePng } from "./decode-png.ts";
import type { StylePreset } from "./image-style.ts";

export interface ImageRequest {
  prompt: string;
  /** What the picture must not show. */
  negativePrompt?: string;
  width: number;
  height: number;
  seed?: number;
  stylePreset?: StylePreset;
}

export interface GeneratedImage {
  png: Uint8Array;
  width: number;
  height: number;
  seed: number;
}

/** A seed that is none costs the picture nothing. */
const seed = z.coerce.number().int().min(0).max(4_294_967_295).catch(0);
const artifactSchema = z.object({
  /** None where the picture was refused. */
  base64: z.string().catch(""),
  seed,
  finishReason: z.string().nullish(),
});
const answerSchema = z.object({ artifacts: z.tuple([artifactSchema], z.unknown()) });

const engine = "stable-diffusion-xl-1024-v1-0";
/** Twice the base64 of a large picture; several of them must fit into a Worker's memory. */
const maxAnswerBytes = 12 * 1024 * 1024;
const imageTimeoutMs = 90_000;

const failure = (message: string, options: ConstructorParameters<typeof ProviderError>[2]) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", message, options);

/**
 * Makes an image with Stability AI's v1 text-to-image.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function generateImage(
  upstream: Upstream,
  request: ImageRequest,
  { signal, timeoutMs = imageTimeoutMs }: { signal: AbortSignal; timeoutMs?: number },
): Promise<GeneratedImage> {
  const { prompt, negativePrompt, width, height, seed, stylePreset } = request;
  const { artifacts } = await requestJson({
    service: "The image service",
    upstream,
    url: `${upstream.url.replace(/\/$/, "")}/v1/generation/${engine}/text-to-image`,
    init: {
      method: "POST",
      headers: {
        authorization: `Bearer ${upstream.key}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      body: JSON.stringify({
        text_prompts: [
          { text: prompt.toWellFormed(), weight: 1 },
          ...(negativePrompt === undefined ? [] : [{ text: negativePrompt.toWellFormed(), weight: -1 }]),
        ],
        cfg_scale: 7,
        clip_guidance_preset: "FAST_BLUE",
        height,
        width,
        samples: 1,
        steps: 30,
        seed,
        style_preset: stylePreset,
      }),
    },
    schema: answerSchema,
    timeoutMs,
    maxBytes: maxAnswerBytes,
    signal,
  });
  const [{ base64, finishReason, seed: used }] = artifacts;
  if (finishReason === "CONTENT_FILTERED") {
    throw failure("The image service refused the prompt", { retryable: false });
  }
  if ((finishReason ?? "SUCCESS") !== "SUCCESS")
    throw failure("The image service gave up", { retryable: true });
  return { ...decodePng(base64), seed: used };
}
