import { expect } from "vitest";
import { call } from "./api.ts";
import type { Frame } from "./sockets.ts";

/** Whoever opens sockets. */
interface Opener {
  headers: Record<string, string>;
}

export const ask = (
  user: Opener,
  id: string,
  query = "",
  root = "/api/v1/conversations",
): Promise<Response> =>
  call(`${root}/${id}/ws${query}`, { headers: { ...user.headers, upgrade: "websocket" } });

/** For the staff. */
export const staffRoot = "/api/v1/admin/conversations";

/**
 * A socket at a conversation, whose frames can be waited for.
 * @param answers whether it says that it has what it was sent
 */
export async function open(
  user: Opener,
  id: string,
  { query = "", root, answers = true }: { query?: string; root?: string; answers?: boolean } = {},
) {
  const answer = await ask(user, id, query, root);
  const socket = answer.webSocket;
  if (!socket) throw new Error(`not connected: ${answer.status}`);
  const frames: Frame[] = [];
  let bytes = 0;
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  const send = (frame: unknown) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  socket.addEventListener("message", ({ data }) => {
    bytes += String(data).length;
    const frame: Frame = JSON.parse(String(data));
    frames.push(frame);
    if (answers && frame.event === "connection.ping") send({ type: "command", event: "pong", id: frame.id });
  });
  socket.accept();
  const next = async (wanted: (frame: Frame) => boolean): Promise<Frame> => {
    await expect.poll(() => frames.some(wanted)).toBe(true);
    return frames.find(wanted) ?? { type: "none" };
  };
  let said = 0;
  const command = (event: string, data?: unknown): Promise<Frame> => {
    const name = `c${++said}`;
    send({ type: "command", event, id: name, ...(data === undefined ? {} : { data }) });
    return next(({ id: answered }) => answered === name);
  };
  return { socket, frames, send, next, command, closed, received: () => bytes };
}

export const isEvent = (name: string) => (frame: Frame) => frame.type === "event" && frame.event === name;

/** The numbers of the log that were told, in their order. */
export const numbersOf = (frames: readonly Frame[]): number[] => frames.flatMap(({ seq }) => seq ?? []);
