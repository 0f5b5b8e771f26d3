import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findRule } from "./rule-repository.ts";
import { ruleParams, ruleSchema } from "./schemas.ts";

export const getModerationRule = operation({
  name: "getModerationRule",
  summary: "A rule on what is not wanted in conversations",
  input: z.object({ params: ruleParams }),
  output: ruleSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const row = await findRule(db, tenantWithin(actor), params.rule_id);
    if (!row) throw new AppError("NOT_FOUND");
    return wireRow(ruleSchema, row);
  },
});
