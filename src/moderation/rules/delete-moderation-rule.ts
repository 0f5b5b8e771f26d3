import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { forgetRules } from "../rules-in-force.ts";
import { deleteRule, findRule } from "./rule-repository.ts";
import { ruleParams } from "./schemas.ts";

export const deleteModerationRule = operation({
  name: "deleteModerationRule",
  summary: "Delete a rule; what it has marked stays so",
  input: z.object({ params: ruleParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db } = platform;
    const rule = await findRule(db, tenantWithin(actor), params.rule_id);
    if (!rule) throw new AppError("NOT_FOUND");
    const { id, clientId, name } = rule;
    const target = { type: "moderation_rule", id };
    const action = { action: "moderation_rule.deleted", target, clientId, details: { name } } as const;
    await db.batch([deleteRule(db, rule), auditAction(platform, actor, action)]);
    forgetRules(clientId);
    return {};
  },
});
