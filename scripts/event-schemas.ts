import { z } from "zod";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";

const schemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return rest;
};

/** What every event says, as the schemas of a document that types are made from. */
export const eventSchemas = () => ({
  openapi: "3.1.0",
  info: { title: "Events", version: "1" },
  paths: {},
  components: {
    schemas: Object.fromEntries(
      Object.entries(eventCatalogue).map(([name, { about, data }]) => [
        name,
        { ...schemaOf(data), description: about },
      ]),
    ),
  },
});
