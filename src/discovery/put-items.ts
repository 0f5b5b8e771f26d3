import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { errorAt, readEach } from "./read-each.ts";
import { newItemSchema, putItemsAnswerSchema, putItemsSchema } from "./schemas.ts";
import { contentOf } from "./views.ts";

export const putItems = operation({
  name: "putItems",
  summary: "Put items into the catalogue, or replace them",
  description:
    "Up to 1 000 at once, 20 000 in all. One that is not of the form is told in `errors`, the others are taken in.",
  input: z.object({ body: putItemsSchema }),
  output: putItemsAnswerSchema,
  run: async ({ objects }, { clientId }, { body }) => {
    const { read, errors } = readEach(body.items, newItemSchema);
    const personalisation = await objects.personalisation(clientId);
    const { refused } = await personalisation.putItems(read.map(({ value }) => contentOf(value)));
    const full = refused.flatMap((place) => {
      const one = read[place];
      return one ? [errorAt(one.index, one.value.id, "The catalogue is full: 20 000 items")] : [];
    });
    const all = [...errors, ...full].sort((one, other) => one.index - other.index);
    return { accepted: body.items.length - all.length, errors: all };
  },
});
