import { z } from "zod";
import { requestJson } from "../json-request.ts";
import { ProviderError } from "../provider-error.ts";
import type { Upstream } from "../upstream.ts";

export interface ImageRequest {
  prompt: string;
  width: number;
  height: number;
  seed?: number;
  stylePreset?: string;
}

export interface GeneratedImage {
  png: Uint8Array;
  seed: number;
}

const answerSchema = z.object({
  artifacts: z
    .array(
      z.object({
        base64: z.string(),
        seed: z.number().int().default(0),
        finishReason: z.string().default("SUCCESS"),
      }),
    )
    .min(1),
});

const engine = "stable-diffusion-xl-1024-v1-0";
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Makes an image with Stability AI's v1 text-to-image.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function generateImage(
  upstream: Upstream,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<GeneratedImage> {
  const body = {
    text_prompts: [{ text: request.prompt, weight: 1 }],
    cfg_scale: 7,
    clip_guidance_preset: "FAST_BLUE",
    height: request.height,
    width: request.width,
    samples: 1,
    steps: 30,
    seed: request.seed,
    style_preset: request.stylePreset,
  };
  const { artifacts } = await requestJson({
    service: "The image service",
    fetch: upstream.fetch,
    url: `${upstream.url.replace(/\/$/, "")}/v1/generation/${engine}/text-to-image`,
    init: {
      method: "POST",
      headers: {
        authorization: `Bearer ${upstream.key}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      body: JSON.stringify(body),
    },
    schema: answerSchema,
    timeoutMs: 90_000,
    maxBytes: 16 * 1024 * 1024,
    signal,
  });
  const [artifact] = artifacts;
  if (!artifact || artifact.finishReason === "CONTENT_FILTERED") {
    throw new ProviderError("EXTERNAL_SERVICE_ERROR", "The image service refused the prompt", {
      retryable: false,
    });
  }
  return { png: decodePng(artifact.base64), seed: artifact.seed };
}

function decodePng(base64: string): Uint8Array {
  try {
    const png = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    if (pngSignature.every((byte, index) => png[index] === byte)) return png;
  } catch (cause) {
    throw new ProviderError("EXTERNAL_SERVICE_ERROR", "The image is not base64", { retryable: true, cause });
  }
  throw new ProviderError("EXTERNAL_SERVICE_ERROR", "The image is not a PNG", { retryable: true });
}
