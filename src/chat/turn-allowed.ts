import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { Platform } from "#src/platform.ts";

const daySeconds = 86_400;

/**
 * Counts an answer that somebody is about to have of a persona, in whichever of their conversations.
 * @param most answers within a day; null for no bound
 * @throws AppError `RATE_LIMITED` beyond that
 */
export async function turnAllowed(
  { objects }: Pick<Platform, "objects">,
  { clientId, id }: Person,
  { instanceId, holder }: Pick<ConversationView, "instanceId" | "holder">,
  most: number | null,
): Promise<void> {
  // While people answer, nothing of the persona's is had.
  if (most === null || holder !== "persona") return;
  const gate = await objects.gate(clientId);
  const { granted, windows } = await gate.takeCalls({
    key: `turns:${instanceId}:${id}`,
    limits: [{ seconds: daySeconds, most }],
    wanted: 1,
    reserve: 0,
    grant: crypto.randomUUID(),
  });
  if (granted > 0) return;
  throw new AppError("RATE_LIMITED", {
    message: `This persona answers ${most} times a day`,
    headers: { "Retry-After": String(Math.ceil((windows[0]?.resetsIn ?? 0) / 1000)) },
  });
}
