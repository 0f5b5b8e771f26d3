import { v7 as uuidv7 } from "uuid";
import { AppError } from "#src/kernel/app-error.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { createLogger, errorFields, type LogFields } from "#src/observability/logger.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import { logLevelOf, type Platform, platformOf } from "#src/platform.ts";
import { refusalOf } from "#src/realtime/index.ts";
import { telemetryOf } from "#src/telemetry-platform.ts";
import type { GatewayEnv } from "./env.ts";

/**
 * Answers what another Worker of the platform asks by a service binding, as a request is answered: with a platform and a
 * log line of its own.
 * @param what the line says
 * @param names what every line says of it
 */
export async function workerCall<T>(
  env: GatewayEnv,
  ctx: Pick<ExecutionContext, "waitUntil">,
  { what, ...names }: LogFields & { what: string },
  work: (platform: Platform) => Promise<T>,
): Promise<Outcome<T>> {
  const startedAt = Date.now();
  const requestId = uuidv7();
  const { logs, handOver } = telemetryOf(env);
  const log = createLogger("gateway", logLevelOf(env), { request_id: requestId, ...names }, logs);
  const waitUntil = (pending: Promise<unknown>) => ctx.waitUntil(pending);
  const traceparent = formatTraceparent(childOf(undefined));
  const platform = platformOf(env, { requestId, traceparent, log, waitUntil });
  const outcome = await outcomeOf(what, log, () => work(platform));
  const status = outcome.ok ? "ok" : outcome.code;
  log.info(what, { status, duration_ms: Date.now() - startedAt });
  handOver.after(waitUntil);
  return outcome;
}

/** What work comes to: error classes do not cross from Worker to Worker. */
async function outcomeOf<T>(
  what: string,
  log: Pick<Platform["log"], "error">,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return success(await work());
  } catch (error) {
    if (error instanceof AppError) return refusalOf(error);
    log.error(`${what} failed`, errorFields(error));
    return refusalOf(new AppError("INTERNAL_ERROR"));
  }
}
