import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import type { ImageModel, ImageRequest } from "#src/providers/index.ts";

const pattern = /^(\d{1,5}(?:\.\d{1,4})?)\s*[:x/]\s*(\d{1,5}(?:\.\d{1,4})?)$/;

/** Width by height of an aspect ratio like `16:9` or `1920x1080`; undefined when it is none. */
export function readAspectRatio(text: string): number | undefined {
  const [, width = 0, height = 0] = (pattern.exec(text.trim()) ?? []).map(Number);
  const ratio = width / height;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
}

const pixels = z.coerce.number().int().min(64).max(4096);

const inputSchema = (styles: readonly string[]) =>
  z
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
      style_preset: z.enum(styles).optional(),
      /** A preset's name, or words of one's own. */
      style: z.string().trim().min(1).max(200).optional(),
    })
    .refine(({ prompt, topic }) => (prompt ?? topic) !== undefined, { path: ["prompt"], message: "Missing" });

/** The style of the model's that a name means (`Digital art`, `digital_art`); undefined for words of one's own. */
function styleNamed(words: string, styles: readonly string[]): string | undefined {
  const name = words
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  return styles.find((style) => style === name);
}

/**
 * What a task wants drawn: its input over the definition's defaults.
 * @throws TaskError `VALIDATION_ERROR`
 */
export function imageRequest(
  { agent, input }: Pick<TaskAssignment, "agent" | "input">,
  { styles }: Pick<ImageModel, "styles">,
): ImageRequest {
  const parsed = inputSchema(styles).safeParse({ ...agent?.defaultConfig, ...input });
  if (!parsed.success) throw new TaskError("VALIDATION_ERROR", z.prettifyError(parsed.error));
  const { prompt, topic, negative_prompt, aspect_ratio, width, height, seed, style, style_preset } =
    parsed.data;
  const named = style_preset ?? (style === undefined ? undefined : styleNamed(style, styles));
  const wanted = prompt ?? topic ?? "";
  const ratio = width && height ? width / height : readAspectRatio(aspect_ratio ?? "1:1");
  return {
    prompt: style !== undefined && named === undefined ? `${wanted}, ${style} style` : wanted,
    negativePrompt: negative_prompt,
    aspectRatio: ratio ?? 1,
    seed,
    style: named,
  };
}
