import { v7 as uuidv7 } from "uuid";
import { auditStatement } from "#src/audit/index.ts";
import { personOf, type Talker } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { actsAsStaff } from "./acts-as-staff.ts";
import { putBan } from "./ban-repository.ts";
import { endListening } from "./end-listening.ts";

/** Bans whoever has written what a rule bans for. The staff is not banned by rules: what it writes is refused, and that is all. */
export async function banByRule(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Talker,
  { rule, banSeconds }: { rule: string; banSeconds: number | null },
): Promise<void> {
  if (actsAsStaff(actor)) return;
  const { db, clock } = platform;
  const { clientId, id: personId, kind: personKind } = personOf(actor);
  const now = clock.now();
  const until = banSeconds === null ? null : now + banSeconds * 1000;
  const entry = {
    ...({ actorId: null, action: "conversations.banned", clientId, device: actor.device } as const),
    ...{ target: { type: personKind, id: personId }, details: { rule } },
  };
  const row = {
    ...{ id: uuidv7({ msecs: now }), clientId, personId, personKind },
    ...{ reason: rule, until, createdBy: null, createdAt: now },
  };
  await db.batch([auditStatement(db, entry, now), putBan(db, row)]);
  await endListening(platform, { clientId, id: personId });
}
