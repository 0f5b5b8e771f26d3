import { z } from "@hono/zod-openapi";
import type { Exported } from "#src/exports/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { TenantPersonalisationApi } from "#src/objects/tenant-personalisation-api.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { OwnData } from "./own-data.ts";

const encoder = new TextEncoder();

/** The document as it is sent; however that ends, another export may begin then. */
async function* sent(
  pieces: AsyncIterable<string>,
  end: () => ReturnType<TenantPersonalisationApi["endExport"]>,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of pieces) yield encoder.encode(piece);
  } finally {
    await end();
  }
}

export const exportOwnData = sessionOperation({
  name: "exportOwnData",
  summary: "Everything about oneself, as a file",
  description:
    "One JSON document: the account, what one has agreed to and what is known of one, conversations with all messages, runs, " +
    "and personas with what they remember. Streamed: an answer that breaks off before `complete` is not a whole file. One " +
    "at a time, three a day.",
  input: z.object({}),
  output: z.custom<Exported>(),
  refusals: ["RATE_LIMITED"],
  run: async (platform, actor) => {
    const { clientId, userId } = actor;
    const personalisation = await platform.objects.personalisation(clientId);
    const { number } = valueOrThrow(await personalisation.beginExport(userId));
    const end = async () => (await platform.objects.personalisation(clientId)).endExport(userId, number);
    return {
      contentType: "application/json",
      name: "my-data.json",
      pieces: sent(new OwnData(platform, actor).pieces(), end),
    };
  },
});
