import { expect } from "vitest";
import { call } from "./api.ts";
import { tenantObject } from "./objects.ts";

export interface Frame {
  type: string;
  event?: string;
  error?: string;
  id?: string;
  seq?: number;
  entity_id?: string;
  data?: Record<string, unknown>;
}

/** A call that asks for a WebSocket. */
export const upgrade = (headers: Record<string, string>, query = ""): Promise<Response> =>
  call(`/api/v1/ws${query}`, { headers: { ...headers, upgrade: "websocket" } });

/**
 * A connected socket whose frames can be waited for.
 * @param answers whether it says that it has what it was sent, when the hub asks
 */
export async function connect(user: { headers: Record<string, string> }, query = "", answers = true) {
  const answer = await upgrade(user.headers, query);
  const socket = answer.webSocket;
  if (!socket) throw new Error(`not connected: ${answer.status}`);
  socket.accept();
  const frames: Frame[] = [];
  let bytes = 0;
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  const send = (frame: unknown) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  socket.addEventListener("message", ({ data }) => {
    bytes += new TextEncoder().encode(String(data)).byteLength;
    const frame: Frame = JSON.parse(String(data));
    frames.push(frame);
    if (answers && frame.event === "connection.ping") send({ type: "command", event: "pong", id: frame.id });
  });
  const next = async (wanted: (frame: Frame) => boolean): Promise<Frame> => {
    await expect.poll(() => frames.some(wanted)).toBe(true);
    return frames.find(wanted) ?? { type: "none" };
  };
  const subscribe = async (...events: string[]) => {
    send({ type: "command", event: "subscribe", id: "s", data: { events } });
    await next(({ event, id }) => event === "subscribe" && id === "s");
  };
  const history = async (since: number, limit = 500): Promise<Frame> => {
    const id = `history-${frames.length}`;
    send({ type: "command", event: "history", id, data: { since, limit } });
    return next((frame) => frame.id === id);
  };
  return { socket, frames, send, next, subscribe, history, closed, received: () => bytes };
}

/** Puts an event into a tenant's log. */
export const say = (
  clientId: string,
  id: string,
  ownerUserId: string | null,
  event = "execution.completed",
  data: Record<string, unknown> = { id },
) => tenantObject(clientId).appendEvent({ id, event, entityId: id, ownerUserId, data });

export const isEvent = (id: string) => (frame: Frame) => frame.type === "event" && frame.entity_id === id;
