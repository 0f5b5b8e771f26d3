import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { forgetRules } from "../rules-in-force.ts";
import { findRule, replaceRule } from "./rule-repository.ts";
import { changedRuleSchema, lookFor, looksForSomething, ruleParams, ruleSchema } from "./schemas.ts";

export const updateModerationRule = operation({
  name: "updateModerationRule",
  summary: "Change a rule; fields left out stay as they are",
  description: "Counts within five seconds, for what is written from then on.",
  input: z.object({ params: ruleParams, body: changedRuleSchema }),
  output: ruleSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body }) => {
    const { db, clock } = platform;
    const before = await findRule(db, tenantWithin(actor), params.rule_id);
    if (!before) throw new AppError("NOT_FOUND");
    // Two changes of one millisecond would look the same.
    const updatedAt = Math.max(clock.now(), before.updatedAt + 1);
    const after = { ...before, ...columnsOf(body), updatedAt };
    if (!looksForSomething(after))
      throw new AppError("VALIDATION_ERROR", {
        details: { fields: [{ path: "words", message: lookFor.message }] },
      });
    if ((await replaceRule(db, before, after)).meta.changes === 0)
      throw new AppError("CONFLICT", { message: "The rule was changed by somebody else" });
    const { id, clientId } = before;
    forgetRules(clientId);
    const target = { type: "moderation_rule", id };
    const details = { changed: Object.keys(body) };
    await auditAction(platform, actor, { action: "moderation_rule.updated", target, clientId, details });
    return wireRow(ruleSchema, after);
  },
});
