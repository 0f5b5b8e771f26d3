import { z } from "@hono/zod-openapi";
import { type SignedIn, scopeOf } from "#src/kernel/actor.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { findUser } from "../accounts/user-repository.ts";
import { callerSchema } from "../schemas.ts";

export const getSession = sessionOperation({
  name: "getSession",
  summary: "Who one is, as the access token says; costs no storage",
  input: z.object({}),
  output: callerSchema,
  refusals: ["TOKEN_EXPIRED"],
  run: async ({ db, settings }, actor) => ({
    ...callerView(actor),
    // Whoever has come by a ticket or a socket is known without it.
    email: actor.email || ((await findUser(db, actor.userId))?.email ?? ""),
    scope: scopeOf(actor, settings.OPERATOR_CLIENT_ID),
    ...(actor.actsFrom === undefined ? {} : { acts_from: actor.actsFrom }),
  }),
});

/** The caller on the wire. */
export const callerView = ({ userId, email, clientId, role, tier, permissions }: SignedIn) => ({
  id: userId,
  email,
  client_id: clientId,
  role,
  tier,
  permissions: [...permissions],
});
