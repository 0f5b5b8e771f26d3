import { WorkerEntrypoint } from "cloudflare:workers";
import { useShopTool } from "#src/commerce-tools/index.ts";
import { personaItemsOf } from "#src/discovery/index.ts";
import { type Outcome, valueOrThrow } from "#src/kernel/outcome.ts";
import { verdictOn } from "#src/moderation/index.ts";
import type { AnswerJudgeApi, Verdict } from "#src/objects/moderation-contract.ts";
import type { PersonaItemsApi } from "#src/objects/persona-items-api.ts";
import type { ItemContent } from "#src/objects/recommendations-api.ts";
import type { ToolCall, ToolCallsApi } from "#src/objects/tool-calls.ts";
import type { TriggerCall, TriggerCallsApi } from "#src/objects/trigger-calls.ts";
import { fireTrigger } from "#src/triggers/index.ts";
import type { GatewayEnv } from "./env.ts";
import { workerCall } from "./worker-call.ts";

/**
 * What the gateway does for personas at work, by a service binding that no request from outside reaches: the objects
 * that hold their runs ask it, and vouch for what they say.
 */
export class ToolCalls
  extends WorkerEntrypoint<GatewayEnv>
  implements ToolCallsApi, TriggerCallsApi, AnswerJudgeApi, PersonaItemsApi
{
  useTool(call: ToolCall): Promise<Outcome<object>> {
    const { clientId, userId, runId, taskId } = call;
    const names = { what: "tool call", client_id: clientId, user_id: userId, run_id: runId, task_id: taskId };
    return workerCall(this.env, this.ctx, names, (platform) => useShopTool(platform, call));
  }

  async fireTrigger(call: TriggerCall): Promise<{ isWanted: boolean }> {
    const { clientId, triggerId } = call;
    const names = { what: "trigger call", client_id: clientId, trigger_id: triggerId };
    const fired = workerCall(this.env, this.ctx, names, (platform) => fireTrigger(platform, call));
    return valueOrThrow(await fired);
  }

  async judgeAnswer({
    clientId,
    text,
  }: Parameters<AnswerJudgeApi["judgeAnswer"]>[0]): Promise<Verdict | null> {
    const names = { what: "answer held against rules", client_id: clientId };
    const judged = workerCall(this.env, this.ctx, names, (platform) =>
      verdictOn(platform, { clientId }, text),
    );
    const verdict = valueOrThrow(await judged);
    return verdict ? { action: verdict.action, rule: verdict.rule } : null;
  }

  async personaItemsOf(clientId: string): Promise<ItemContent[]> {
    const names = { what: "personas to recommend", client_id: clientId };
    const told = workerCall(this.env, this.ctx, names, ({ db }) => personaItemsOf(db, clientId));
    return valueOrThrow(await told);
  }
}
