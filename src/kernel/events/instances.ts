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
    about: "A persona instance was switched on or off, or one of its runs has come to another status.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...instance,
      correlation_id: z.string().optional().describe("The run, where it is the status of one"),
      previous_status: z
        .string()
        .optional()
        .describe("Of a run `pending`, `running` or `paused`; else `active` or `inactive`"),
      new_status: z.string().optional(),
      triggered_by: z.string().optional().describe("The user who did it; of what came by itself, nobody"),
      is_active: z.boolean().optional().describe("Of an instance that was switched on or off"),
      reason: z.string().nullable(),
    }),
  }),
  "instance.log": entry({
    about: "A persona's log has another line: a run began or ended, or an attempt of a task is over.",
    entity: "instance",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...instance,
      timestamp: z.string(),
      level: z.enum(["info", "warn", "error"]),
      message: z.string(),
      correlation_id: z.string(),
      step: z.string().nullable(),
      action: z.string().nullable(),
      agent_type: z.string().nullable(),
      attempt: z.number().int().nullable(),
      duration_ms: z.number().int().nullable(),
      fuel: z.number().int().nullable(),
      tokens: z.object({ input: z.number().int(), output: z.number().int() }).nullable(),
      error_code: z.string().nullable(),
    }),
  }),
};
