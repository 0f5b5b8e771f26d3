import { z } from "@hono/zod-openapi";
import { dialects, type Listening } from "#src/conversations/index.ts";
import { assertSession, requireUpgrade, socketAskingSchema } from "#src/identity/index.ts";
import { isSignedIn, personOf, type SignedIn, type WidgetVisitor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { callerOf, callerOfVisit, openingHeader } from "#src/realtime/index.ts";
import { assertVisit } from "#src/visitors/index.ts";
import { resumeQuery } from "../follow-conversation.ts";
import { mayHear } from "../may-hear.ts";

/** What the address of a socket says. */
export const socketQuery = resumeQuery.extend({
  ticket: z.string().max(2048).optional().openapi({ description: "Of `POST /ws/ticket`" }),
});

export const socketRefusals = [
  "TOKEN_EXPIRED",
  "INSUFFICIENT_PERMISSIONS",
  "NOT_FOUND",
  "BANNED",
  "UPGRADE_REQUIRED",
  "RATE_LIMITED",
  "UPSTREAM_UNAVAILABLE",
] as const;

/** How a socket is asked for, and how it speaks. */
export const chatSocketAsking = socketAskingSchema.extend({ dialect: z.enum(dialects).optional() });

interface Asked {
  query: { since?: number };
  body: z.infer<typeof chatSocketAsking>;
}

/**
 * Opens somebody's own socket at a conversation that they may hear.
 * @throws AppError `TOKEN_INVALID` where their session has ended, or the ticket was used; `RATE_LIMITED` for too many
 */
export async function openSocket(
  { db, clock, objects }: Pick<Platform, "db" | "clock" | "objects">,
  actor: SignedIn | WidgetVisitor,
  conversation: Pick<Fetcher, "fetch">,
  as: Listening["as"],
  { query: { since }, body }: Asked,
): Promise<WebSocket> {
  requireUpgrade(body);
  // Asked of the database: a lease of the gate may be seconds old.
  await (isSignedIn(actor) ? assertSession(db, actor) : assertVisit(db, actor));
  if (body.ticket && !(await (await objects.hub(actor.clientId, 0)).useTicket(body.ticket)))
    throw new AppError("TOKEN_INVALID", { message: "The ticket has been used" });
  const caller = isSignedIn(actor) ? callerOf(actor) : callerOfVisit(actor);
  const { id: personId, kind } = personOf(actor);
  const listening: Listening = { personId, kind, as, caller, since, dialect: body.dialect };
  // A request of our own: nothing that the client sent goes along but the upgrade.
  const { status, webSocket } = await conversation.fetch("https://conversation/", {
    headers: { upgrade: "websocket", [openingHeader]: JSON.stringify(listening) },
  });
  if (webSocket) {
    // Asked once the gate knows of it: whoever is banned from here on has it closed.
    if (as === "owner") await mayHear({ db, clock }, personOf(actor), webSocket);
    return webSocket;
  }
  if (status === 404) throw new AppError("NOT_FOUND", { message: "No such conversation" });
  throw new AppError("RATE_LIMITED", {
    message: "Too many hear this conversation",
    headers: { "Retry-After": "10" },
  });
}
