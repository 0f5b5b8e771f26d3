import { WorkerEntrypoint } from "cloudflare:workers";
import { useShopTool } from "#src/commerce-tools/index.ts";
import { type Outcome, valueOrThrow } from "#src/kernel/outcome.ts";
import type { ToolCall, ToolCallsApi } from "#src/objects/tool-calls.ts";
import type { TriggerCall, TriggerCallsApi } from "#src/objects/trigger-calls.ts";
import { fireTrigger } from "#src/triggers/index.ts";
import type { GatewayEnv } from "./env.ts";
import { workerCall } from "./worker-call.ts";

/**
 * What the gateway does for personas at work, by a service binding that no request from outside reaches: the objects
 * that hold their runs ask it, and vouch for what they say.
 */
export class ToolCalls extends WorkerEntrypoint<GatewayEnv> implements ToolCallsApi, TriggerCallsApi {
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
}
