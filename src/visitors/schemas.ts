import { z } from "@hono/zod-openapi";
import { textsSchema, themeSchema } from "#src/widgets/index.ts";

export const openSessionSchema = z
  .strictObject({
    key: z.string().min(1).max(100).openapi({ description: "The widget's" }),
    visitor_token: z
      .string()
      .max(200)
      .optional()
      .openapi({ description: "Of an earlier session: who it was of comes back" }),
    identity: z
      .string()
      .max(4096)
      .optional()
      .openapi({
        description:
          "Who the visitor is to you: a JWT that your server signs with the widget's secret (HS256) with `sub`, `jti`, " +
          "`exp` within 24 hours, and perhaps `name` and `email`. It opens a session once",
      }),
  })
  .openapi("OpenWidgetSession", { example: { key: "wk_Zm9yLXBhZ2VzLW9mLXlvdXJz" } });

export const widgetSessionSchema = z
  .object({
    access_token: z.string().openapi({ description: "A bearer token, for the visitor's own conversations" }),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().openapi({ description: "Seconds that the access token is good" }),
    visitor_token: z.string().openapi({ description: "What the visitor comes back with" }),
    visitor_id: z.uuid().openapi({ description: "The visitor, as conversations name them" }),
    conversation_id: z
      .string()
      .nullable()
      .openapi({ description: "The conversation that goes on, if there is one" }),
    widget: z
      .object({
        name: z.string(),
        instance_id: z.uuid().openapi({ description: "The persona that is talked with" }),
        greeting: z.string().nullable().openapi({ description: "What the persona says first" }),
        starters: z.array(z.string()).openapi({ description: "What one might ask it" }),
        handover: z.boolean().openapi({ description: "Whether one may ask for a person now" }),
        open: z.boolean().openapi({ description: "Whether it is within the widget's hours" }),
        opens_at: z.iso.datetime().nullable().openapi({ description: "When it is again; null while it is" }),
        theme: themeSchema,
        texts: textsSchema,
      })
      .openapi({ description: "What the widget shows" }),
  })
  .openapi("WidgetSession");
