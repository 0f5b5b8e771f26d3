import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { eventCatalogue, sampleOf, webhookEvents } from "#src/kernel/event-catalogue.ts";
import { sampleMessage } from "#src/webhook-delivery/index.ts";

type Webhooks = NonNullable<ReturnType<OpenAPIHono["getOpenAPI31Document"]>["webhooks"]>;

const headers = {
  "webhook-id": "Names the message; the same at each attempt",
  "webhook-timestamp": "When the attempt was made, in seconds since 1970",
  "webhook-signature": "`v1,` and the signature, for each secret in force; separated by blanks",
};

const parameters = Object.entries(headers).map(([name, description]) => ({
  name,
  in: "header" as const,
  required: true,
  description,
  schema: { type: "string" as const },
}));

/** The body of an event's messages, as a schema of the document. */
const schemaOf = (name: string, data: z.ZodType) => {
  const message = z.object({
    type: z.literal(name).describe("Name of the event"),
    timestamp: z.iso.datetime().describe("When it happened"),
    client_id: z.string().describe("Tenant in which it happened"),
    entity_id: z.string().describe("What it is about: a run, an account"),
    data: data.describe("What it says"),
  });
  const { $schema: _, ...schema } = z.toJSONSchema(message, { io: "input", unrepresentable: "any" });
  return Object.fromEntries(Object.entries(schema));
};

/** What is posted to webhooks: the `webhooks` of the document, from the catalogue of events (docs/webhooks.md#what-arrives). */
export const webhooksOfDocument = (): Webhooks =>
  Object.fromEntries(
    webhookEvents.map((name) => {
      const { about, data } = eventCatalogue[name];
      const example: unknown = JSON.parse(sampleMessage(name, sampleOf(name)));
      const post = {
        operationId: `receive.${name}`,
        summary: name,
        description: about,
        tags: ["Webhooks"],
        // The signature vouches for it.
        security: [],
        parameters,
        requestBody: {
          required: true,
          content: { "application/json": { schema: schemaOf(name, data), example } },
        },
        responses: {
          "2XX": { description: "It has arrived" },
          "410": { description: "Nothing is wanted any more: the webhook is switched off" },
          default: { description: "It is tried again" },
        },
      };
      return [name, { post }];
    }),
  );
