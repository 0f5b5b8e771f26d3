import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { isStaff } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { personOfTenant, putBan } from "./ban-repository.ts";
import { banView } from "./ban-view.ts";
import { endListening } from "./end-listening.ts";
import { banSchema, newBanSchema } from "./schemas.ts";

export const banPerson = operation({
  name: "banPerson",
  summary: "Have somebody write in none of the tenant's conversations any more",
  description:
    "They may still read what is theirs, and erase it; what they hear conversations by is closed. Somebody who is banned " +
    "already is from now on as is said now. Whoever is of the staff is not banned.",
  input: z.object({ body: newBanSchema }),
  output: banSchema,
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const { clientId, userId: createdBy } = actor;
    const { person_id: personId, reason } = body;
    const now = clock.now();
    const until = body.until === null ? null : Date.parse(body.until);
    if (until !== null && until <= now) throw invalid("until", "Over already");
    const person = await personOfTenant(db, clientId, personId);
    if (!person) throw invalid("person_id", "Nobody of this tenant");
    if (await isStaff(db, clientId, personId)) throw invalid("person_id", "Is of the staff");
    const row = {
      ...{ id: uuidv7({ msecs: now }), clientId, personId, personKind: person.kind },
      ...{ reason, until, createdBy, createdAt: now },
    };
    const target = { type: person.kind, id: personId };
    const details = { reason, until: body.until };
    const [, [banned]] = await db.batch([
      auditAction(platform, actor, { action: "conversations.banned", target, clientId, details }),
      putBan(db, row),
    ]);
    await endListening(platform, person);
    return banView(banned ?? row);
  },
});

const invalid = (path: string, message: string): AppError =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path, message }] } });
