import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tokenWithin } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { clientWithin } from "./client-within.ts";
import { clientParams } from "./schemas.ts";

const actingSchema = z
  .object({
    access_token: z
      .string()
      .openapi({ description: "For the tenant's administration, and nothing of one's own" }),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().openapi({ description: "Seconds", example: 900 }),
    client_id: z.string().openapi({ description: "The tenant that it is for" }),
    display_name: z.string().openapi({ description: "What that tenant is called" }),
  })
  .openapi("ActingToken");

export const actWithinClient = sessionOperation({
  name: "actWithinClient",
  summary: "Act within a client: an access token with which the caller administers that one and no other",
  description:
    "For the operator's administrators, for at most 15 minutes and no longer than their session. The token opens what " +
    "administrators of the client may do to its things, nothing of one's own and no socket; asking for it, and whatever " +
    "changes something with it, stands in the client's audit log.",
  input: z.object({ params: clientParams }),
  output: actingSchema,
  refusals: ["BAD_REQUEST", "NOT_FOUND"],
  // Each call is a token of its own, which is kept nowhere.
  ignoresKeys: true,
  run: async (platform, actor, { params }) => {
    const { id, displayName } = await clientWithin(platform.db, actor, params.client_id);
    if (id === actor.clientId)
      throw new AppError("BAD_REQUEST", {
        message: "This is the caller's own client: no other token is needed",
      });
    // First: nobody is there without a trace.
    await auditAction(platform, actor, {
      action: "client.entered",
      target: { type: "client", id },
      clientId: id,
    });
    const token = await tokenWithin(platform, actor, id);
    return { ...token, token_type: "Bearer" as const, client_id: id, display_name: displayName };
  },
});
