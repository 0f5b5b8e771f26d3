import { expect } from "vitest";
import { call } from "./api.ts";
import { tenantObject } from "./objects.ts";

export interface Frame {
  type: string;
  event?: string;
  error?: string;
  id?: string;
  seq?: number;
  /** Of a conversation whose room it is told in. */
  log_seq?: number;
  entity_id?: string;
  data?: Record<string, unknown>;
  /** Of a batch. */
  frames?: Frame[];
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
  const messages: string[] = [];
  let bytes = 0;
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  const send = (frame: unknown) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  socket.addEventListener("message", ({ data }) => {
    bytes += new TextEncoder().encode(String(data)).byteLength;
    messages.push(String(data));
    const message: Frame = JSON.parse(String(data));
    for (const frame of message.frames ?? [message]) {
      frames.push(frame);
      if (answers && frame.event === "connection.ping")
        send({ type: "command", event: "pong", id: frame.id });
    }
  });
  const next = async (wanted: (frame: Frame) => boolean): Promise<Frame> => {
    await expect.poll(() => frames.some(wanted)).toBe(true);
    return frames.find(wanted) ?? { type: "none" };
  };
  let subscribed = 0;
  const subscribeTo = async (events: readonly string[], entityId?: string): Promise<Frame> => {
    const name = `s${++subscribed}`;
    send({ type: "command", event: "subscribe", id: name, data: { events, entity_id: entityId } });
    return next(({ type, id }) => type !== "event" && id === name);
  };
  const subscribe = (...events: string[]) => subscribeTo(events);
  const history = async (since: number, limit = 500): Promise<Frame> => {
    const id = `history-${frames.length}`;
    send({ type: "command", event: "history", id, data: { since, limit } });
    return next((frame) => frame.id === id);
  };
  return {
    socket,
    frames,
    messages,
    send,
    next,
    subscribe,
    subscribeTo,
    history,
    closed,
    received: () => bytes,
  };
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
