import type { Talker } from "#src/kernel/actor.ts";
import type { Verdict } from "#src/objects/moderation-contract.ts";
import type { Platform } from "#src/platform.ts";
import { rulesInForce } from "./rules-in-force.ts";

/** What the rules of a tenant have to say of what somebody writes, before it is taken; nothing of most texts. */
export async function verdictOn(
  platform: Pick<Platform, "db" | "clock">,
  { clientId }: Pick<Talker, "clientId">,
  text: string,
): Promise<Verdict | undefined> {
  const judged = (await rulesInForce(platform, clientId)).judge(text);
  return judged && { action: judged.action, rule: judged.rule.name };
}
