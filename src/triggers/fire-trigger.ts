import { ExpressionBudget } from "#src/engine/expressions/expression-budget.ts";
import { holds, renderObject, type Scope } from "#src/engine/expressions/expressions.ts";
import type { PlatformEvent, TenantEvent } from "#src/events/index.ts";
import { accountNow } from "#src/identity/index.ts";
import { type Account, scopeOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";
import { isPassing } from "#src/kernel/passing-refusals.ts";
import type { TriggerCall } from "#src/objects/trigger-calls.ts";
import { perform } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";
import { maySee } from "#src/realtime/index.ts";
import { executeInstance } from "#src/runs/index.ts";
import { depthOf, maxDepth } from "./depth.ts";
import { eventsMatching } from "./matched-events.ts";
import {
  type CameOf,
  type DoneWith,
  findTrigger,
  hourOf,
  isDone,
  isNews,
  maxFailures,
  noteDone,
  type TriggerRow,
  takeTime,
} from "./trigger-repository.ts";

/** Why a trigger starts nothing, though what it is for has happened. */
class Hindrance extends Error {
  readonly code: "NO_OWNER" | "CONDITION_FAILED" | "INPUT_FAILED" | "TOO_DEEP" | "TOO_OFTEN";
  constructor(code: Hindrance["code"], cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** Says who somebody is now; asked once for all events of a call. */
type Owner = () => ReturnType<typeof accountNow>;

/**
 * Starts a trigger's persona for events of its tenant's log, in their order, once for each however often it comes
 * (docs/triggers.md).
 * @returns whether the trigger is for anything still
 * @throws where one is to come again
 */
export async function fireTrigger(
  platform: Platform,
  { clientId, triggerId, epoch, events }: TriggerCall,
): Promise<{ isWanted: boolean }> {
  const { db } = platform;
  let row = await findTrigger(db, triggerId);
  let asked: ReturnType<typeof accountNow> | undefined;
  for (const event of events) {
    if (!row?.isEnabled || row.clientId !== clientId) return { isWanted: false };
    const { ownerUserId } = row;
    const owner: Owner = () => {
      asked ??= accountNow(db, clientId, ownerUserId);
      return asked;
    };
    const at = { epoch, seq: event.seq };
    if (isDone(row, at) || !eventsMatching(row.event).includes(event.event)) continue;
    // What has come of an event is written with the trigger.
    if (await fireOnce(platform, row, at, event, owner)) row = await findTrigger(db, triggerId);
  }
  return { isWanted: true };
}

/** @returns whether anything has come of the event */
async function fireOnce(
  platform: Platform,
  row: TriggerRow,
  at: DoneWith,
  event: PlatformEvent,
  owner: Owner,
): Promise<boolean> {
  const about = { trigger_id: row.id, instance_id: row.instanceId, event: event.event, seq: at.seq };
  try {
    const started = await startFor(platform, row, at, event, owner);
    if (!started) return false;
    const fired = { event: "trigger.fired", data: { ...about, ...started } } as const;
    await note(platform, row, at, { error: null, isFailure: false }, fired);
  } catch (error) {
    if (!(error instanceof AppError || error instanceof Hindrance) || isPassing(error.code)) throw error;
    const { code } = error;
    const isTooOften = code === "TOO_OFTEN";
    // Said once in an hour: what there is too much of is not to make more.
    if (isTooOften && row.lastError === code && row.hour === hourOf(platform.clock.now())) return false;
    const failures = row.failures + (isTooOften ? 0 : 1);
    const data = { ...about, code, failures, switched_off: failures >= maxFailures };
    await note(platform, row, at, { error: code, isFailure: !isTooOften }, { event: "trigger.failed", data });
  }
  return true;
}

/** What a condition and a template see: the event, as a plan sees its input. */
const scopeFor = ({ seq, event, entity_id, data, timestamp }: PlatformEvent): Scope => ({
  input: { seq, event, entity_id, data, timestamp },
  steps: {},
  data: {},
});

/**
 * Starts the persona, if the event is one that it is to be started for; undefined where it is not.
 * @throws Hindrance; AppError what the execution refuses
 */
async function startFor(
  platform: Platform,
  row: TriggerRow,
  at: DoneWith,
  event: PlatformEvent,
  ownerNow: Owner,
) {
  const { db, clock, settings } = platform;
  const { id: triggerId, clientId, instanceId, condition } = row;
  const owner = await ownerNow();
  if (!owner) throw new Hindrance("NO_OWNER");
  if (!maySee(owner, event)) return undefined;
  const scope = scopeFor(event);
  if (condition !== null && !attempted("CONDITION_FAILED", () => holds(condition, scope))) return undefined;
  const input = attempted("INPUT_FAILED", () => renderObject(row.input, scope, new ExpressionBudget()));
  const depth = (await depthOf(platform, clientId, event)) + 1;
  if (depth > maxDepth) throw new Hindrance("TOO_DEEP");
  if (!(await takeTime(db, row, clock.now()))) throw new Hindrance("TOO_OFTEN");
  const who = { ...owner, clientId };
  const actor: Account = {
    ...{ kind: "trigger", ...who, triggerId, depth, via: "trigger" },
    scope: scopeOf(who, settings.OPERATOR_CLIENT_ID),
    device: { ip: "unknown", userAgent: "" },
  };
  const asked = { params: { instance_id: instanceId }, body: { input } };
  const idempotencyKey = `trigger:${triggerId}:${at.epoch}:${at.seq}`;
  const { output } = await perform(executeInstance, platform, actor, asked, { idempotencyKey });
  return { correlation_id: output.correlation_id, depth };
}

function attempted<T>(code: Hindrance["code"], work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Hindrance(code, cause);
  }
}

/** Writes down what has come of an event and tells of it, both once. */
async function note(
  { db, clock, tell, deliver }: Platform,
  { id, clientId, ownerUserId }: TriggerRow,
  at: DoneWith,
  cameOf: CameOf,
  what: EventOf<"trigger.fired" | "trigger.failed">,
): Promise<void> {
  const now = clock.now();
  const event: TenantEvent = { ...what, clientId, entityId: id, ownerUserId };
  await db.batch([tell(event, now, isNews(id, at)), noteDone(db, id, at, cameOf, now)]);
  deliver();
}
