import { z } from "@hono/zod-openapi";
import { defaultIdleSeconds } from "#src/conversations/index.ts";
import { jsonBytes } from "#src/engine/limits.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { jurisdictions, locationHints } from "#src/kernel/placement.ts";
import { maxHubShards } from "#src/objects/hub-spread.ts";

const maxSettingsBytes = 32 * 1024;
const time = z.iso.datetime();
const hubShards = z.number().int().min(1).max(maxHubShards);
const displayName = z.string().trim().min(1).max(255);

/** Who may make an account in a tenant (docs/accounts.md#making-one). */
const registrationModes = ["open", "invite", "closed"] as const;

/** With `registration: "invite"`: any of them lets somebody register, until it is taken off the list. */
const inviteCodes = z.array(z.string().min(8, "At least 8 characters").max(100)).max(200);

/** Of a hundred persons, so many are shown what is popular (docs/recommendations.md#what-came-of-it). */
export const holdoutPercent = z.number().min(0).max(100);

/** What becomes of conversations that have ended (docs/conversations.md#what-becomes-of-old-ones). */
const retentionSettings = {
  archive_after_days: z.number().int().min(1).max(3650).optional(),
  retention_days: z.number().int().min(0).max(3650).optional(),
  reopen_ended: z.boolean().optional(),
};
/** How conversations that wait for a person get one: somebody takes them, or they are given out in turn. */
const assignments = ["manual", "round_robin"] as const;

/** How a tenant's staff is put to its conversations (docs/conversations.md#people-in-the-personas-place). */
export const staffing = z.object({
  holder_idle_seconds: z.number().int().min(0).max(604_800).default(defaultIdleSeconds),
  assignment: z.enum(assignments).default("manual"),
});

/** A tenant's settings, whole. Unknown keys are kept. */
export const clientSettingsSchema = z
  .looseObject({
    registration: z.enum(registrationModes).default("closed"),
    invite_codes: inviteCodes.optional(),
    holdout_percent: holdoutPercent.optional(),
    ...retentionSettings,
    assignment: z.enum(assignments).optional(),
    holder_idle_seconds: staffing.shape.holder_idle_seconds.unwrap().optional(),
  })
  .refine((settings) => jsonBytes(settings) <= maxSettingsBytes, `At most ${maxSettingsBytes / 1024} KiB`);

export const clientParams = z.object({ client_id: clientIdSchema });

export const clientSchema = z
  .object({
    client_id: clientIdSchema,
    display_name: z.string(),
    settings: z.record(z.string(), z.unknown()),
    is_active: z.boolean(),
    jurisdiction: z
      .enum(jurisdictions)
      .nullable()
      .openapi({ description: "What happens in the tenant is kept and done within it" }),
    location_hint: z.enum(locationHints).nullable().openapi({ description: "Where its objects had best be" }),
    hub_shards: hubShards.openapi({ description: "Objects that its sockets are spread over, 5000 each" }),
    created_at: time,
    updated_at: time,
  })
  .openapi("Client");

export const clientListSchema = z
  .object({ clients: z.array(clientSchema), ...pageFields })
  .openapi("ClientList");

const aboutSettings =
  "`registration`: `open`, `invite` (whoever brings one of `invite_codes`) or `closed`. " +
  "`holdout_percent`: of a hundred persons, so many are shown what is popular, to compare with. " +
  "`archive_after_days` (180), `retention_days` (0: never): when conversations that have ended move to the archive, and are erased; " +
  "`reopen_ended` (true): whether a message of its owner reopens one. " +
  "`holder_idle_seconds`: so long somebody of the staff may leave a conversation that they hold without an answer (3600; 0: for ever). " +
  "`assignment`: `round_robin` gives conversations that wait to who of the staff is there, `manual` leaves them to be taken. Other keys are kept.";

export const createClientSchema = z
  .strictObject({
    client_id: clientIdSchema,
    display_name: displayName,
    jurisdiction: z.enum(jurisdictions).nullable().default(null).openapi({
      description:
        "What happens in the tenant is kept and done within it; for good, and not on a machine of one's own",
    }),
    location_hint: z.enum(locationHints).nullable().default(null).openapi({
      description: "Where the tenant's objects had best be; by itself, near whoever comes first",
    }),
    settings: jsonObject.default({}).openapi({ description: aboutSettings }),
  })
  .openapi("CreateClient", {
    example: { client_id: "acme", display_name: "Acme", settings: { registration: "open" } },
  });

export const updateClientSchema = z
  .strictObject({
    display_name: displayName.optional(),
    settings: jsonObject
      .optional()
      .openapi({ description: `Laid over the settings there are; null removes a key. ${aboutSettings}` }),
    is_active: z.boolean().optional(),
    hub_shards: hubShards.optional().openapi({
      description:
        "Objects that its sockets are spread over, for the operator to say; who is elsewhere then is closed with 1012",
    }),
  })
  .openapi("UpdateClient");
export type UpdateClient = z.infer<typeof updateClientSchema>;

export const clientStatsSchema = z
  .object({
    client_id: clientIdSchema,
    total_users: z.number().int(),
    active_users: z.number().int().openapi({ description: "Accounts that are not switched off" }),
    total_instances: z.number().int(),
    active_instances: z.number().int(),
    total_workflows: z.number().int(),
    workflows_last_30_days: z.number().int(),
    total_memory_entries: z.number().int(),
    total_fuel_consumed: z.number().int(),
  })
  .openapi("ClientStats");
