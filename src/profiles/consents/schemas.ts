import { z } from "@hono/zod-openapi";

const consentSchema = z
  .object({
    granted: z.boolean().openapi({ description: "Whether it is agreed to" }),
    at: z.iso.datetime().nullable().openapi({ description: "Since when; null where nothing was said" }),
    text_version: z.string().nullable().openapi({ description: "Which text was shown" }),
    source: z.string().nullable().openapi({ description: "Where it was said" }),
  })
  .openapi("Consent");

const about = {
  personalisation: "Personas may know the profile and what was learnt",
  history: "Pages and interactions are remembered",
  location: "The place is remembered: country, time zone, roughly where",
  insights: "What is said is read for moods and topics",
  analytics: "Activity is counted under the person's id",
};

export const consentsSchema = z
  .object({
    personalisation: consentSchema.openapi({ description: about.personalisation }),
    history: consentSchema.openapi({ description: about.history }),
    location: consentSchema.openapi({ description: about.location }),
    insights: consentSchema.openapi({ description: about.insights }),
    analytics: consentSchema.openapi({ description: about.analytics }),
  })
  .openapi("Consents");

const said = (description: string) => z.boolean().optional().openapi({ description });

export const updateConsentsSchema = z
  .strictObject({
    personalisation: said(about.personalisation),
    history: said(about.history),
    location: said(about.location),
    insights: said(about.insights),
    analytics: said(about.analytics),
    text_version: z
      .string()
      .trim()
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .openapi({ description: "Which text was shown", example: "2026-11" }),
    source: z
      .string()
      .trim()
      .min(1)
      .max(50)
      .default("api")
      .openapi({ description: "Where it was said", example: "settings" }),
  })
  .openapi("UpdateConsents", { example: { personalisation: true, text_version: "2026-11" } });
