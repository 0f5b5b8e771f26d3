import { z } from "@hono/zod-openapi";
import type { SignedIn } from "#src/kernel/actor.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { callerSchema } from "../schemas.ts";

export const getSession = sessionOperation({
  name: "getSession",
  summary: "Who one is, as the access token says; costs no storage",
  input: z.object({}),
  output: callerSchema,
  refusals: ["TOKEN_EXPIRED"],
  run: async (_platform, actor) => callerView(actor),
});

/** The caller on the wire. */
export const callerView = ({ userId, email, clientId, role, tier, permissions, scope }: SignedIn) => ({
  id: userId,
  email,
  client_id: clientId,
  role,
  tier,
  permissions: [...permissions],
  scope,
});
