import { type ChangePreview, dayIn, shopSettings } from "#src/commerce/index.ts";
import type { ShopChange } from "#src/engine/tool-loop/shop-tools.ts";
import type { Figures, ToolCall } from "#src/objects/tool-calls.ts";
import type { Platform } from "#src/platform.ts";
import { countIn, findFreedTools, findUnasked } from "./without-approval-repository.ts";

interface Seen {
  before: Figures;
  after: Figures;
}

/** What of a preview the change is held to when it is made. */
const seenOf = ({ before, after }: ChangePreview): Seen => ({
  before: before.version === undefined ? {} : { version: before.version },
  after: after.total === undefined ? {} : { total: after.total },
});

/** What a call that was counted in before is held to, in another attempt; undefined of any other. */
export async function knownAsFree({ commerce }: Platform, call: ToolCall): Promise<Seen | undefined> {
  if (call.instanceId === null || call.isToBeAsked) return undefined;
  return (await findUnasked(commerce.db, call.taskId))?.change;
}

/**
 * Counts a change in that its persona may make without a person's yes; undefined where a person is to be asked: because
 * the persona's policy says so, nobody has freed the tool, or what was freed of it has been used up.
 */
export async function countedAsFree(
  platform: Platform,
  { clientId, instanceId, isToBeAsked, runId, rootRunId = runId, taskId }: ToolCall,
  tool: ShopChange,
  change: ChangePreview,
): Promise<Seen | undefined> {
  const { commerce, clock } = platform;
  if (instanceId === null || isToBeAsked) return undefined;
  const freed = await findFreedTools(commerce.db, clientId, instanceId);
  if (!freed.some((each) => each.tool === tool)) return undefined;
  const { timeZone } = await shopSettings(platform, clientId);
  const now = clock.now();
  const seen = seenOf(change);
  const isCounted = await countIn(commerce.db, {
    ...{ taskId, clientId, instanceId, tool },
    ...change.amount,
    runId: rootRunId,
    day: dayIn(timeZone, now),
    change: { before: { ...seen.before }, after: { ...seen.after } },
    createdAt: now,
  });
  return isCounted ? seen : undefined;
}
