import { WorkerEntrypoint } from "cloudflare:workers";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { ToolCall, ToolCallsApi } from "#src/objects/tool-calls.ts";
import { useShopTool } from "#src/shop-tools/index.ts";
import type { GatewayEnv } from "./env.ts";
import { workerCall } from "./worker-call.ts";

/**
 * What the gateway does for personas at work, by a service binding that no request from outside reaches: the objects
 * that hold their runs ask it, and vouch for what they say.
 */
export class ToolCalls extends WorkerEntrypoint<GatewayEnv> implements ToolCallsApi {
  useTool(call: ToolCall): Promise<Outcome<unknown>> {
    const { clientId, userId, runId, taskId } = call;
    const names = { what: "tool call", client_id: clientId, user_id: userId, run_id: runId, task_id: taskId };
    return workerCall(this.env, this.ctx, names, (platform) => useShopTool(platform, call));
  }
}
