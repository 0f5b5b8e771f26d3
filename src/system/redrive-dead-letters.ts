import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { operation } from "#src/operation/operation.ts";
import { pageDeadLettersLeft } from "#src/read-models/index.ts";
import { redrivenListSchema, redriveSchema } from "./schemas.ts";
import { sendAgain } from "./send-again.ts";

/** So many at a time, to leave connections for others. */
const atOnce = 4;

/** What is sent stays sent when the call breaks off: asked again, it goes on with what is left. */
export const redriveDeadLetters = operation({
  name: "redriveDeadLetters",
  summary: "Send the messages of a queue again that failed, or those that failed for one reason",
  input: z.object({ body: redriveSchema }),
  output: redrivenListSchema,
  run: async (platform, actor, { body }) => {
    const found = await pageDeadLettersLeft(platform.db, pageRequest(body), body);
    const { rows, page } = listed(found, body.limit);
    const outcomes = await mapConcurrent(rows, atOnce, async (letter) => {
      try {
        await sendAgain(platform, actor, letter);
        return { id: letter.id, is_sent: true, message: null };
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "CONFLICT") throw error;
        return { id: letter.id, is_sent: false, message: error.message };
      }
    });
    return { outcomes, sent: outcomes.filter(({ is_sent }) => is_sent).length, ...page };
  },
});
