import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { pageDeadLetters } from "#src/read-models/index.ts";
import { queueNames } from "#src/tasks/index.ts";
import { deadLetterView } from "./dead-letter-view.ts";
import { deadLetterListSchema } from "./schemas.ts";

export const listDeadLetters = operation({
  name: "listDeadLetters",
  summary: "Messages that could not be processed, newest first",
  input: z.object({ query: cursorQuery().extend({ queue: z.enum(queueNames).optional() }) }),
  output: deadLetterListSchema,
  run: async ({ db }, _actor, { query }) => {
    const { rows, page } = listed(await pageDeadLetters(db, pageRequest(query), query.queue), query.limit);
    return { dead_letters: rows.map(deadLetterView), ...page };
  },
});
