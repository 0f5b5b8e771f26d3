import { z } from "zod";
import { entry } from "./entry.ts";

/** Events for all of a tenant, and those of a connection, which no log keeps. */
export const systemEvents = {
  "system.notification": entry({
    about: "Something that everybody in the tenant should know.",
    entity: "tenant",
    seenBy: "tenant",
    webhooks: false,
    data: z.object({ code: z.string().describe("`AGENT_DISABLED`: an administrator switched one off") }),
  }),
  "system.maintenance": entry({
    about: "The platform's maintenance has begun, changed or ended.",
    entity: "tenant",
    seenBy: "tenant",
    webhooks: false,
    data: z.object({
      enabled: z.boolean().describe("Whether what changes something is refused"),
      message: z.string().describe("What whoever is refused is told"),
      retry_after_seconds: z.number().int(),
      version: z.number().int().describe("Of the configuration: of two, the higher one counts"),
    }),
  }),
  "system.alert": entry({
    about: "Something of the platform is broken.",
    entity: "tenant",
    seenBy: "tenant",
    webhooks: false,
    data: z.object({
      code: z.string().describe("`DEAD_LETTER`: a message could not be processed"),
      queue: z.string(),
    }),
  }),
  "connection.established": entry({
    about: "The socket is open.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({
      user_id: z.string(),
      seq: z.number().describe("Number of the log's latest event"),
      epoch: z.string().optional().describe("Which log that is: another one has begun anew"),
    }),
  }),
  "connection.ping": entry({
    about: "The server asks whether you have read what was sent; answer `pong` with its `id`.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({}),
  }),
  "connection.closed": entry({
    about: "The server closes the socket: the last that it says.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({ code: z.number().int().describe("That of the close frame"), reason: z.string() }),
  }),
  "connection.error": entry({
    about: "A command was refused.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({
      details: z.string(),
      command: z.string().optional(),
      code: z.string().optional().describe("That REST has for it, where it has one"),
    }),
  }),
  room_message: entry({
    about: "Somebody has said something in a room that you are in.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({
      room: z.string(),
      data: z.unknown().describe("Any JSON"),
      from: z.string().describe("Id of the user"),
    }),
  }),
  tenant_message: entry({
    about: "A moderator or administrator says something to everybody who is connected.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({ data: z.unknown().describe("Any JSON"), from: z.string().describe("Id of the user") }),
  }),
  "presence.changed": entry({
    about: "Somebody has come into a room that you are in, or is no longer there.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({ room: z.string(), user_id: z.string(), status: z.enum(["joined", "left"]) }),
  }),
  "room.ended": entry({
    about: "You are not in a room any more, nor is anybody: what it was the room of is gone.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({ room: z.string() }),
  }),
  "history.gap": entry({
    about: "What came after `since` is no longer kept, or of another log; `oldest` comes next.",
    entity: "connection",
    seenBy: "connection",
    webhooks: false,
    data: z.object({ since: z.number(), oldest: z.number(), latest: z.number() }),
  }),
};
