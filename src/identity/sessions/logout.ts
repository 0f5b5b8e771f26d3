import { z } from "@hono/zod-openapi";
import { sessionOperation } from "#src/operation/operation.ts";
import { shutOut } from "../gates/shut-out.ts";
import { messageSchema } from "../schemas.ts";
import { endOwnSession } from "./end-session.ts";

export const logout = sessionOperation({
  name: "logout",
  summary: "End the session: its access and refresh tokens stop working",
  input: z.object({}),
  output: messageSchema,
  refusals: ["TOKEN_EXPIRED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor) => {
    await endOwnSession(platform, actor, actor.sessionId);
    await shutOut(platform, actor.clientId, actor.sessionId);
    return { message: "Signed out" };
  },
});
