import { z } from "zod";
import { entry } from "./entry.ts";

const account = { user_id: z.string() };
const someone = { user_id: "01934f5c-8a3e-7b6d-9c2f-4e1a7d5b8c90" };
const subscribed = { ...someone, subscription_id: "01934f5c-8a3f-7c11-8d4b-2f6e9a0c3b57", tier: "premium" };

/** Fields by name, with what they were and what they are. */
const differences = z.record(
  z.string(),
  z.object({ from: z.unknown().describe("What it was"), to: z.unknown().describe("What it is") }),
);

const subscription = {
  ...account,
  subscription_id: z.string().optional().describe("Left out where the account's own change says which"),
  tier: z.string().optional(),
  status: z.string().optional(),
};

/** Events of accounts and their subscriptions. */
export const accountEvents = {
  "user.created": entry({
    about: "An account was registered or imported.",
    entity: "user",
    seenBy: "staff",
    webhooks: true,
    sample: { ...someone, email: "ada@example.com" },
    data: z.object({ ...account, email: z.string() }),
  }),
  "user.updated": entry({
    about: "An account, its profile or its permissions changed.",
    entity: "user",
    seenBy: "staff",
    webhooks: true,
    sample: { ...someone, changed: { role: { from: "user", to: "moderator" } } },
    data: z.object({
      ...account,
      changed: z
        .union([z.array(z.string()), differences])
        .optional()
        .describe("Names of the fields; where an administrator changed them, with what they were and are"),
      permission_granted: z.string().optional().describe("Permission that was granted"),
      permission_revoked: z.string().optional().describe("Permission that was revoked"),
    }),
  }),
  "user.deleted": entry({
    about: "An account was deleted, by its user or by an administrator.",
    entity: "user",
    seenBy: "staff",
    webhooks: true,
    sample: someone,
    data: z.object(account),
  }),
  "security.suspicious_activity": entry({
    about: "Something about an account looks like an attack.",
    entity: "user",
    seenBy: "staff",
    webhooks: true,
    sample: { ...someone, kind: "repeated_login_failures", ip: "198.51.100.7" },
    data: z.looseObject({
      ...account,
      kind: z.string().describe("`repeated_login_failures` or `refresh_token_reused`"),
      ip: z.string(),
    }),
  }),
  "subscription.created": entry({
    about: "A subscription began.",
    entity: "user",
    seenBy: "billing",
    webhooks: true,
    sample: { ...subscribed, status: "active" },
    data: z.object(subscription),
  }),
  "subscription.updated": entry({
    about: "A subscription changed, or its time was over.",
    entity: "user",
    seenBy: "billing",
    webhooks: true,
    sample: { ...subscribed, status: "active", changed: { tier: { from: "basic", to: "premium" } } },
    data: z.object({
      ...subscription,
      changed: differences.optional().describe("Fields that changed, with what they were and are"),
      reason: z
        .string()
        .optional()
        .describe("`trial_ended`, `term_ended` or `grace_ended` where its time was over"),
    }),
  }),
  "subscription.cancelled": entry({
    about: "A subscription was cancelled, for the end of its period or at once; or ended with its account.",
    entity: "user",
    seenBy: "billing",
    webhooks: true,
    sample: { ...subscribed, status: "active", ends_at: "2026-12-31T23:59:59.000Z" },
    data: z.object({
      ...subscription,
      changed: differences.optional().describe("Fields that changed, with what they were and are"),
      ends_at: z.string().nullable().optional().describe("Until when it is in force"),
    }),
  }),
};
