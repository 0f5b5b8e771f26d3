import { changesShop, isShopTool, type ShopChange } from "#src/engine/tool-loop/shop-tools.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { AskedFirst, ToolCall } from "#src/objects/tool-calls.ts";
import { perform } from "#src/operation/perform.ts";
import { type Policy, policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import type { Platform } from "#src/platform.ts";
import { answerQuestion } from "#src/questions/index.ts";
import { changes } from "./changes.ts";
import { countedAsFree, knownAsFree } from "./free-change.ts";
import { looks } from "./looks.ts";
import { personaAtWork } from "./persona-at-work.ts";
import type { Shop } from "./shop-use.ts";

/**
 * Carries out a call of a tool of the shop, once for its task, by the rights that the owner of its run has now
 * (docs/tools.md#in-the-shop). A change that no person has allowed is not made: the answer is what it would be, and who
 * may allow it.
 * @throws AppError what the operation refuses
 */
export async function useShopTool(platform: Platform, call: ToolCall): Promise<object> {
  const { tool, arguments: given } = call.input;
  // Of the analyst's run alone: no model has a tool of this name, and no plan that somebody writes has a way here.
  if (tool === "analytics.answer")
    return answerQuestion(platform, await personaAtWork(platform, call), call.runId, given);
  if (typeof tool !== "string" || !isShopTool(tool))
    throw new AppError("NOT_FOUND", { message: "There is no such tool" });
  const actor = await personaAtWork(platform, call);
  const idempotencyKey = `task:${call.taskId}`;
  const shop: Shop = {
    platform,
    actor,
    allowed: call.allowedChange,
    perform: async (operation, input) =>
      (await perform(operation, platform, actor, input, { idempotencyKey })).output,
  };
  if (!changesShop(tool)) return looks[tool](shop, given);
  return call.isAllowed ? changes[tool].run(shop, given) : askOrChange(tool, shop, given, call);
}

/**
 * What a person is asked for a change; or the change, where the persona may make it without that.
 * @throws AppError what the change is, or would be, refused with: nobody is asked for what cannot be
 */
async function askOrChange(tool: ShopChange, shop: Shop, given: unknown, call: ToolCall): Promise<object> {
  const { operation, preview, run } = changes[tool];
  const policy: Policy = policies[operation];
  admit(shop.actor, policy);
  const known = await knownAsFree(shop.platform, call);
  if (known) return run({ ...shop, allowed: known }, given);
  const change = await preview(shop, given);
  const free = await countedAsFree(shop.platform, call, tool, change);
  if (free) return run({ ...shop, allowed: free }, given);
  const { before, after } = change;
  const [right] = policy.tenant ?? [];
  const needs = typeof right === "object" && "permission" in right ? right.permission : null;
  return { person_is_asked: { tool, needs, before, after } } satisfies AskedFirst;
}
