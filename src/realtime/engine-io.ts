import { z } from "zod";
import { maxFrameBytes } from "./frames.ts";

/**
 * Engine.IO 4 over a WebSocket, and Socket.IO 5 in it: a digit says what a packet is, a second one what a message is.
 * No packet has anything binary beside it, and everybody is in the one namespace `/`.
 */
const message = /^4(?<type>[0-6])(?:(?<namespace>\/[^,]*),)?(?<ack>\d{0,15})(?<json>.*)$/s;

/** Pings come once an hour: one wakes whoever has gone to sleep, and nobody needs them, since a connection ends with its token. */
const pingInterval = 3_600_000;
const pingTimeout = 60_000;

/** What a client says. */
export type Packet =
  | { type: "connect" | "disconnect" | "ping" | "pong" | "nothing" }
  | { type: "event"; event: string; values: unknown[]; ack?: string };

const eventSchema = z.tuple([z.string().max(100)], z.unknown());

/** @returns undefined where it cannot be read */
export function readPacket(text: string): Packet | undefined {
  if (text.startsWith("2")) return { type: "ping" };
  if (text.startsWith("3")) return { type: "pong" };
  if (text === "1") return { type: "disconnect" };
  if (text === "6") return { type: "nothing" };
  const { type, namespace = "/", ack, json } = message.exec(text)?.groups ?? {};
  if (namespace !== "/") return undefined;
  if (type === "0") return { type: "connect" };
  if (type === "1") return { type: "disconnect" };
  // What it says to a message of ours, of which none asks for that.
  if (type === "3") return { type: "nothing" };
  if (type !== "2") return undefined;
  const [event, ...values] = eventSchema.safeParse(parsed(json)).data ?? [];
  return event === undefined ? undefined : { type: "event", event, values, ...(ack ? { ack } : {}) };
}

function parsed(json = ""): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What a client is told. */
export const packets = {
  opened: (sid: string) =>
    `0${JSON.stringify({ sid, upgrades: [], pingInterval, pingTimeout, maxPayload: maxFrameBytes })}`,
  connected: (sid: string) => `40${JSON.stringify({ sid })}`,
  ping: "2",
  pong: "3",
  disconnected: "41",
  event: (event: string, value: unknown) => `42${JSON.stringify([event, value])}`,
  acknowledged: (ack: string, value: unknown) => `43${ack}${JSON.stringify([value])}`,
};
