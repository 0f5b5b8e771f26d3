import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findDeadLetter } from "#src/read-models/index.ts";
import { deadLetterView } from "./dead-letter-view.ts";
import { deadLetterSchema } from "./schemas.ts";
import { sendAgain } from "./send-again.ts";

export const redriveDeadLetter = operation({
  name: "redriveDeadLetter",
  summary: "Send a message to its queue again",
  input: z.object({ params: z.object({ id: z.string().min(1).max(200) }) }),
  output: deadLetterSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { id } }) => {
    const letter = await findDeadLetter(platform.db, id);
    if (!letter) throw new AppError("NOT_FOUND");
    return deadLetterView(await sendAgain(platform, actor, letter));
  },
});
