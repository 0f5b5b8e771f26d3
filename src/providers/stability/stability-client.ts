import { z } from "zod";
import type { GeneratedImage, ImageModel, ImageRequest } from "../image-model.ts";
import { requestJson } from "../json-request.ts";
import { ProviderError } from "../provider-error.ts";
import type { ServiceCall } from "../service-call.ts";
import type { Upstream } from "../upstream.ts";
import { decodePng } from "./decode-png.ts";
import { sizeOfAspectRatio } from "./image-size.ts";
import { stylePresets } from "./style-presets.ts";

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

/** Stability AI's v1 text-to-image. */
export const stability = (upstream: Upstream, timeoutMs = imageTimeoutMs): ImageModel => ({
  styles: stylePresets,
  draw: (request, call) => draw(upstream, request, { ...call, timeoutMs }),
});

async function draw(
  upstream: Upstream,
  { prompt, negativePrompt, aspectRatio, seed, style }: ImageRequest,
  call: ServiceCall & { timeoutMs: number },
): Promise<GeneratedImage> {
  const { width, height } = sizeOfAspectRatio(aspectRatio);
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
        style_preset: style,
      }),
    },
    schema: answerSchema,
    maxBytes: maxAnswerBytes,
    ...call,
  });
  const [{ base64, finishReason, seed: used }] = artifacts;
  if (finishReason === "CONTENT_FILTERED") {
    throw failure("The image service refused the prompt", { retryable: false });
  }
  if ((finishReason ?? "SUCCESS") !== "SUCCESS")
    throw failure("The image service gave up", { retryable: true });
  return { ...decodePng(base64), seed: used };
}
