import { type Guarded, guardedCall, type ImageModel } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { imageRequest } from "./image-request.ts";

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
  { assignment, signal, calls }: TaskWork,
  model: Guarded<ImageModel>,
  blobs: Pick<R2Bucket, "head" | "put">,
): Promise<TaskOutcome> {
  const request = imageRequest(assignment, model.service);
  const key = imageKey(assignment);
  const output = (seed: number) => ({
    output: { image_uri: `/api/v1/${key}`, prompt: request.prompt, seed },
  });
  const known = await blobs.head(key);
  if (known) return output(Number(known.customMetadata?.seed ?? 0));
  const { deadline } = assignment;
  const image = await guardedCall({ ...model, signal, deadline, watch: calls }, (tried) =>
    model.service.draw(request, { ...tried, signal }),
  );
  await blobs.put(key, image.png, {
    httpMetadata: { contentType: "image/png" },
    customMetadata: {
      prompt: metadataText(request.prompt),
      seed: String(image.seed),
      width: String(image.width),
      height: String(image.height),
      ...(request.style === undefined ? {} : { style: request.style }),
      user_id: assignment.userId,
      instance_id: assignment.instanceId ?? "",
    },
  });
  return output(image.seed);
}
