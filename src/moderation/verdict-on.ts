import type { Talker } from "#src/kernel/actor.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Verdict } from "#src/objects/moderation-contract.ts";
import type { Platform } from "#src/platform.ts";
import { banByRule } from "./bans/ban-by-rule.ts";
import { rulesInForce } from "./rules-in-force.ts";

/** What a rule says of a text, and how long it bans for; null for good. */
export interface Judged extends Verdict {
  banSeconds: number | null;
}

/** What the rules of a tenant have to say of what somebody writes, before it is taken; nothing of most texts. */
export async function verdictOn(
  platform: Pick<Platform, "db" | "clock">,
  { clientId }: Pick<Talker, "clientId">,
  text: string,
): Promise<Judged | undefined> {
  const judged = (await rulesInForce(platform, clientId)).judge(text);
  return judged && { action: judged.action, rule: judged.rule.name, banSeconds: judged.rule.banSeconds };
}

/**
 * What came of a message. Where a rule bans whoever writes such, they are banned once it would have been taken otherwise.
 * @throws AppError as the conversation has refused it
 */
export async function taken<T>(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Talker,
  verdict: Judged | undefined,
  outcome: Outcome<T>,
): Promise<T> {
  if (verdict?.action === "ban" && !outcome.ok && outcome.code === "MESSAGE_REFUSED")
    await banByRule(platform, actor, verdict);
  return valueOrThrow(outcome);
}
