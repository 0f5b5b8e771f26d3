import { z } from "@hono/zod-openapi";
import { personOf } from "#src/kernel/actor.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { consentsSchema } from "./schemas.ts";
import { consentsView } from "./views.ts";

export const getConsents = talkOperation({
  name: "getConsents",
  summary: "What one has agreed to",
  description: "Nothing, until it is said. A visitor of a widget is asked as whoever has an account.",
  input: z.object({}),
  output: consentsSchema,
  run: async ({ objects }, actor) => {
    const { clientId, id } = personOf(actor);
    return consentsView(await (await objects.personalisation(clientId)).consentsOf(id));
  },
});
