import { z } from "zod";
import { entry } from "./entry.ts";

/** What comes of questions, and of what is counted. */
export const analyticsEvents = {
  "analytics.answered": entry({
    about: "A question in words about the tenant's figures has been answered.",
    entity: "run",
    seenBy: "owner",
    webhooks: true,
    sample: {
      correlation_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697891",
      dataset: "order_items",
      rows: 3,
      truncated: false,
    },
    data: z.object({
      correlation_id: z.string().describe("The run, whose result has the answer"),
      dataset: z.string().describe("What it was about"),
      rows: z.number().int().describe("How many rows it has"),
      truncated: z.boolean().describe("Whether there are more"),
    }),
  }),
  "analytics.updated": entry({
    about: "The tenant's figures have changed: read them again, if you show them. At most one each 10 s.",
    entity: "tenant",
    seenBy: "handlers",
    webhooks: false,
    passes: true,
    data: z.object({}),
  }),
};
