import { z } from "@hono/zod-openapi";
import { epochShape } from "#src/events/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { openingSchema } from "#src/realtime/index.ts";
import { assertSession } from "./assert-session.ts";
import { openAtHub } from "./open-at-hub.ts";
import { requireUpgrade, socketAskingSchema } from "./socket-asking.ts";

const connectionQuerySchema = z.strictObject({
  since: z.coerce.number().int().nonnegative().optional(),
  epoch: z.string().regex(epochShape, "Not an epoch").optional(),
  ticket: z.string().max(2048).optional(),
  batch: z.enum(["0", "1"]).optional(),
});

/** Opens a socket at the tenant's hub. */
export const connectWebSocket = sessionOperation({
  name: "connectWebSocket",
  summary: "Open the tenant's WebSocket",
  description:
    "Authenticate with `Authorization: Bearer` or, in browsers, with the sub-protocols `bearer, <token>` or a " +
    "`ticket` from `POST /ws/ticket`. `since` resumes after that event number, of the log that `epoch` names; with " +
    "`batch=1` several frames come as one. With the sub-protocol `graphql-transport-ws` GraphQL is spoken, as at `/graphql`. " +
    "A user has at most 20 sockets.",
  input: z.object({
    query: connectionQuerySchema,
    body: socketAskingSchema.extend(openingSchema.pick({ isGraphql: true }).shape),
  }),
  output: z.custom<WebSocket>(),
  refusals: [
    "TOKEN_EXPIRED",
    "INSUFFICIENT_PERMISSIONS",
    "UPGRADE_REQUIRED",
    "RATE_LIMITED",
    "UPSTREAM_UNAVAILABLE",
  ],
  run: async (
    { db, objects },
    actor,
    { query: { since, epoch, batch }, body: { ticket, isUpgrade, isGraphql } },
  ) => {
    requireUpgrade({ isUpgrade });
    await assertSession(db, actor);
    const opening = { since, epoch, isBatched: batch === "1", isGraphql, ticket };
    const { status, webSocket } = await openAtHub({ db, objects }, actor, opening);
    if (webSocket) return webSocket;
    if (status === 401) throw new AppError("TOKEN_INVALID", { message: "The ticket has been used" });
    throw new AppError("RATE_LIMITED", {
      message: "Too many sockets are open",
      headers: { "Retry-After": "10" },
    });
  },
});
