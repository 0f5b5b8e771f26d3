import { z } from "zod";
import { entry } from "./entry.ts";

const instance = { instance_id: z.string() };

/** Events of persona instances. */
export const instanceEvents = {
  "instance.created": entry({
    about: "A persona instance was made.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...instance,
      name: z.string(),
      template_id: z.string(),
      project_id: z.string().nullable(),
    }),
  }),
  "instance.updated": entry({
    about: "A persona instance changed.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({ ...instance, name: z.string(), changed: z.array(z.string()) }),
  }),
  "instance.deleted": entry({
    about: "A persona instance was deleted; what it remembers is forgotten.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({ ...instance, name: z.string() }),
  }),
  "instance.status.changed": entry({
    about: "An administrator switched a persona instance on or off.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...instance,
      previous_status: z.string().optional().describe("`active` or `inactive`"),
      new_status: z.string().optional(),
      triggered_by: z.string().optional().describe("The user who did it"),
      is_active: z.boolean(),
      reason: z.string().nullable(),
    }),
  }),
};
