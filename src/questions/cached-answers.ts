import { waitingEvents } from "#src/events/index.ts";
import { type Account, hasRole } from "#src/kernel/actor.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { canonicalJson } from "#src/kernel/request-key.ts";
import type { Platform } from "#src/platform.ts";
import type { PlanAnswer } from "./answer-plan.ts";

/** How long an answer is good for while nothing happens. */
const keptMs = 60_000;
const maxKept = 500;

interface Kept {
  at: number;
  answer: PlanAnswer;
}

const kept = new Map<string, Kept>();

/** Number of the last event in the tenant's log; undefined while events of what has happened are still on their way to it. */
async function lastEvent(platform: Platform, clientId: string): Promise<string | undefined> {
  const [log, waiting] = await Promise.all([
    platform.objects.workflows(clientId),
    waitingEvents(platform.commerce.db, clientId, 1),
  ]);
  if (waiting.length > 0) return undefined;
  const { epoch = "", latest } = await log.readEvents({ since: Number.MAX_SAFE_INTEGER, limit: 1 });
  return `${epoch}.${latest}`;
}

/** A plan, and whether what is personal may be told. */
interface Asked {
  plan: Plan;
  contacts: boolean;
}

/** What an answer depends on besides what there is: the plan, the tenant, and what of it the asker sees. */
const viewOf = (actor: Account, asked: Asked): unknown[] => [
  actor.clientId,
  hasRole(actor, "admin") ? null : actor.userId,
  asked,
];

/** The answer to a plan: one that this isolate has given within the minute, if nothing has happened since. */
export async function keptAnswer(
  platform: Platform,
  actor: Account,
  asked: Asked,
  answer: () => Promise<PlanAnswer>,
): Promise<PlanAnswer> {
  // Copies of runs come to their table behind the events that tell of them.
  if (asked.plan.dataset === "runs") return answer();
  const now = platform.clock.now();
  const last = await lastEvent(platform, actor.clientId);
  if (last === undefined) return answer();
  const key = canonicalJson([last, ...viewOf(actor, asked)]);
  const known = kept.get(key);
  if (known && now - known.at < keptMs) return known.answer;
  const fresh = await answer();
  if (kept.size >= maxKept) kept.clear();
  kept.set(key, { at: now, answer: fresh });
  return fresh;
}
