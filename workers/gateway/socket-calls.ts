import { WorkerEntrypoint } from "cloudflare:workers";
import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { getConversation, replyToConversation, sendMessage } from "#src/chat/index.ts";
import { getCustomer, getOrder } from "#src/commerce/index.ts";
import { assertLetIn } from "#src/identity/index.ts";
import type { Account, Actor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import type { Call, Operation } from "#src/operation/operation.ts";
import { perform, type RawInput } from "#src/operation/perform.ts";
import { logLevelOf, type Platform, platformOf } from "#src/platform.ts";
import { getProject } from "#src/projects/index.ts";
import { actorOf, refusalOf, type SocketCall, type SocketCallsApi } from "#src/realtime/index.ts";
import { executeInstance } from "#src/runs/index.ts";
import { telemetryOf } from "#src/telemetry-platform.ts";
import type { GatewayEnv } from "./env.ts";

const offer =
  <I extends z.ZodObject, O extends z.ZodType>(operation: Operation<I, O, Account>) =>
  async (platform: Platform, actor: Actor, input: RawInput, call: Call): Promise<unknown> =>
    (await perform(operation, platform, actor, input, call)).output;

/** The operations that sockets may ask for. */
const offered = {
  getProject: offer(getProject),
  getConversation: offer(getConversation),
  getOrder: offer(getOrder),
  getCustomer: offer(getCustomer),
  executeInstance: offer(executeInstance),
  sendMessage: offer(sendMessage),
  replyToConversation: offer(replyToConversation),
} satisfies Record<SocketCall["operation"], unknown>;

/**
 * What the gateway does for the tenants' hubs, by a service binding that no request from outside reaches: operations, for
 * whoever a socket was opened by, as if they had asked by REST.
 */
export class SocketCalls extends WorkerEntrypoint<GatewayEnv> implements SocketCallsApi {
  async perform({ operation, caller, input, idempotencyKey }: SocketCall): Promise<Outcome<unknown>> {
    const startedAt = Date.now();
    const requestId = uuidv7();
    const { logs, handOver } = telemetryOf(this.env);
    const names = { request_id: requestId, operation, user_id: caller.userId, client_id: caller.clientId };
    const log = createLogger("gateway", logLevelOf(this.env), names, logs);
    const waitUntil = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    const traceparent = formatTraceparent(childOf(undefined));
    const platform = platformOf(this.env, { requestId, traceparent, log, waitUntil });
    const outcome = await outcomeOf(log, async () => {
      const actor = actorOf(caller, platform.settings.OPERATOR_CLIENT_ID);
      await assertLetIn(platform, actor);
      // A hub of a later release may ask for more.
      if (!Object.hasOwn(offered, operation)) throw new AppError("UPSTREAM_UNAVAILABLE");
      return offered[operation](platform, actor, input, { idempotencyKey });
    });
    const status = outcome.ok ? "ok" : outcome.code;
    log.info("socket call", { status, duration_ms: Date.now() - startedAt });
    handOver.after(waitUntil);
    return outcome;
  }
}

/** What work comes to: error classes do not cross from Worker to Worker. */
async function outcomeOf(
  log: Pick<Platform["log"], "error">,
  work: () => Promise<unknown>,
): Promise<Outcome<unknown>> {
  try {
    return success(await work());
  } catch (error) {
    if (error instanceof AppError) return refusalOf(error);
    log.error("a socket's call failed", errorFields(error));
    return refusalOf(new AppError("INTERNAL_ERROR"));
  }
}
