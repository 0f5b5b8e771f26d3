import { expect } from "vitest";
import { call } from "./api.ts";

/** Whoever connects, or tries to. */
interface Opener {
  headers: Record<string, string>;
}

export const askSocketIo = (user: Opener, query: string): Promise<Response> =>
  call(`/socket.io/?${query}`, { headers: { ...user.headers, upgrade: "websocket" } });

export const addressOf = (id: string, more = ""): string =>
  `EIO=4&transport=websocket&conversation=${id}${more}`;

/** A client of Socket.IO that has connected, with the packets that have come. */
export async function connectSocketIo(user: Opener, id: string, { more = "", answers = true } = {}) {
  const { webSocket, status } = await askSocketIo(user, addressOf(id, more));
  if (!webSocket) throw new Error(`not connected: ${status}`);
  const packets: string[] = [];
  const closed = new Promise<number>((resolve) =>
    webSocket.addEventListener("close", ({ code }) => resolve(code)),
  );
  webSocket.addEventListener("message", ({ data }) => {
    packets.push(String(data));
    if (answers && data === "2") webSocket.send("3");
  });
  webSocket.accept();
  const next = (wanted: string) =>
    expect.poll(() => packets.find((packet) => packet.includes(wanted)) ?? "").not.toBe("");
  webSocket.send("40");
  await next("40{");
  return { packets, next, closed, say: (packet: string) => webSocket.send(packet) };
}
