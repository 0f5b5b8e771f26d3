import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { hoursSchema } from "./opening-hours.ts";

/** Whether a text is an origin as browsers send it: scheme, host and port, nothing behind them. */
const isOrigin = (text: string): boolean =>
  /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;

const originsSchema = z
  .array(z.string().max(300).refine(isOrigin, "An origin, as https://www.example.com"))
  .min(1)
  .max(20)
  .refine((origins) => new Set(origins).size === origins.length, "Each once")
  .openapi({ description: "Pages that may show it", example: ["https://www.example.com"] });

export const themeSchema = z
  .strictObject({
    accent: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, "A colour, as #1f5fbf")
      .openapi({ description: "The colour of what can be pressed", example: "#1f5fbf" }),
    scheme: z.enum(["auto", "light", "dark"]).openapi({ description: "`auto`: as its reader has it" }),
    side: z.enum(["left", "right"]).openapi({ description: "At which side of the page it stands" }),
  })
  .partial()
  .openapi("WidgetTheme");

const line = (what: string) => z.string().trim().min(1).max(200).openapi({ description: what });

export const textsSchema = z
  .strictObject({
    title: line("Above the conversation; the widget's name when left out"),
    placeholder: line("In the empty field for what one writes"),
    launcher: line("What the button is called that opens it"),
    away: line("Outside of its hours: that nobody is there"),
  })
  .partial()
  .openapi("WidgetTexts");

const fields = {
  name: z.string().trim().min(1).max(100).openapi({ description: "What the staff calls it" }),
  origins: originsSchema,
  require_identity: z.boolean().openapi({ description: "Whether it is for signed identities alone" }),
  theme: themeSchema.openapi({ description: "How it looks" }),
  texts: textsSchema.openapi({ description: "What it says where the page's words are better than its own" }),
  hours: z.union([hoursSchema, z.null()]).openapi({
    description: "When people are behind it, who take over from the persona; null for always",
  }),
  enabled: z.boolean().openapi({ description: "Whether it lets anybody in" }),
};

export const widgetSchema = z
  .object({
    id: z.uuid(),
    key: z.string().openapi({ description: "What pages name it by; no secret" }),
    instance_id: z.uuid().openapi({ description: "The persona that its visitors talk with" }),
    ...fields,
    created_by: z.string().openapi({ description: "Who has made it" }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Widget");

const secret = z.string().openapi({
  description: "What your server signs identities with (HS256); shown this once",
});

export const widgetWithSecretSchema = widgetSchema.extend({ secret }).openapi("WidgetWithSecret");
export const widgetSecretSchema = z.object({ secret }).openapi("WidgetSecret");

export const widgetListSchema = z
  .object({ widgets: z.array(widgetSchema), ...pageFields })
  .openapi("WidgetList");

export const widgetParams = z.object({ widget_id: z.uuid() });
export const widgetListQuery = cursorQuery().extend({ client_id: clientIdSchema.optional() });

export const newWidgetSchema = z
  .strictObject({
    instance_id: z.uuid().openapi({ description: "A persona of the tenant" }),
    ...fields,
    require_identity: fields.require_identity.default(false),
    theme: fields.theme.default({}),
    texts: fields.texts.default({}),
    hours: fields.hours.default(null),
    enabled: fields.enabled.default(true),
  })
  .openapi("NewWidget", {
    example: {
      instance_id: "01890000-0000-7000-8000-000000000000",
      name: "Shop",
      origins: ["https://www.example.com"],
    },
  });

export const changedWidgetSchema = z
  .strictObject(fields)
  .partial()
  .openapi("ChangedWidget", {
    example: { enabled: true },
  });
export type ChangedWidget = z.infer<typeof changedWidgetSchema>;
