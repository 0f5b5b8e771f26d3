import { z } from "zod";
import { entry } from "./entry.ts";

/** Events of webhooks; these come by socket only. */
export const webhookEvents = {
  "webhook.disabled": entry({
    about: "A webhook was switched off by the platform, because nothing could be delivered to it.",
    entity: "webhook",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      webhook_id: z.string(),
      reason: z
        .string()
        .describe("`gone`: it answered 410; `failing`: a delivery failed ten times in three days"),
    }),
  }),
};
