import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { forgetRules } from "../rules-in-force.ts";
import { insertRule, maxRules } from "./rule-repository.ts";
import { newRuleSchema, ruleSchema } from "./schemas.ts";

export const createModerationRule = operation({
  name: "createModerationRule",
  summary: "Say what is not wanted in conversations, and what becomes of it",
  description: `Counts within five seconds. At most ${maxRules} in a tenant.`,
  input: z.object({ body: newRuleSchema }),
  output: ruleSchema,
  refusals: ["QUOTA_EXCEEDED"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const { clientId, userId: createdBy } = actor;
    const now = clock.now();
    const id = uuidv7({ msecs: now });
    const row = { id, clientId, ...columnsOf(body), createdBy, createdAt: now, updatedAt: now };
    if ((await insertRule(db, row)).meta.changes === 0)
      throw new AppError("QUOTA_EXCEEDED", { details: { resource: "moderation rules", limit: maxRules } });
    forgetRules(clientId);
    const target = { type: "moderation_rule", id };
    const { name, action: does } = body;
    const details = { name, action: does };
    await auditAction(platform, actor, { action: "moderation_rule.created", target, clientId, details });
    return wireRow(ruleSchema, row);
  },
});
