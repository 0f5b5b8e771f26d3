import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { consentsSchema } from "./schemas.ts";
import { consentsView } from "./views.ts";

export const getConsents = operation({
  name: "getConsents",
  summary: "What one has agreed to",
  description: "Nothing, until it is said.",
  input: z.object({}),
  output: consentsSchema,
  run: async ({ objects }, { clientId, userId }) =>
    consentsView(await (await objects.personalisation(clientId)).consentsOf(userId)),
});
