import { z } from "@hono/zod-openapi";
import { sessionOperation } from "#src/operation/operation.ts";
import { consentsSchema, updateConsentsSchema } from "./schemas.ts";
import { consentsView } from "./views.ts";

export const updateConsents = sessionOperation({
  name: "updateConsents",
  summary: "Agree to something, or not any more",
  description:
    "What is left out stays as it is. What was kept under a purpose that is said no to is gone with the answer.",
  input: z.object({ body: updateConsentsSchema }),
  output: consentsSchema,
  run: async ({ objects }, { clientId, userId: personId }, { body }) => {
    const { text_version: textVersion, source, ...said } = body;
    const personalisation = await objects.personalisation(clientId);
    return consentsView(await personalisation.changeConsents({ personId, said, textVersion, source }));
  },
});
