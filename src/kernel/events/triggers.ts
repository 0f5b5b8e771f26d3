import { z } from "zod";
import { entry } from "./entry.ts";

const about = {
  trigger_id: z.string(),
  instance_id: z.string(),
  event: z.string().describe("What had happened"),
  seq: z.number().int().describe("Its number in the tenant's log"),
};

const some = {
  trigger_id: "01934f5c-91d2-7e4a-b0c8-6a5f3d2e1b10",
  instance_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697890",
  event: "order.fulfilled",
  seq: 1042,
};

/** What comes of triggers. */
export const triggerEvents = {
  "trigger.fired": entry({
    about: "A trigger has started its persona.",
    entity: "trigger",
    seenBy: "owner",
    webhooks: true,
    sample: { ...some, correlation_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697891", depth: 1 },
    data: z.object({
      ...about,
      correlation_id: z.string().describe("The run"),
      depth: z.number().int().describe("How many triggers have led to it, one after another"),
    }),
  }),
  "trigger.failed": entry({
    about: "What a trigger is for has happened, and it could not start its persona.",
    entity: "trigger",
    seenBy: "owner",
    webhooks: true,
    sample: { ...some, code: "QUOTA_EXCEEDED", failures: 1, switched_off: false },
    data: z.object({
      ...about,
      code: z.string().describe("Why"),
      failures: z.number().int().describe("How often in a row"),
      switched_off: z.boolean().describe("Whether it is switched off now, which it is at ten"),
    }),
  }),
};
