import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { z } from "zod";
import { graphqlProtocol } from "#src/realtime/graphql-protocol.ts";

const resultSchema = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ extensions: z.looseObject({ code: z.string() }) })).optional(),
  extensions: z.looseObject({ seq: z.number().nullish(), gap: z.unknown() }).partial().optional(),
});
const errorsSchema = z.array(
  z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string() }) }),
);
const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connection_ack"), payload: z.looseObject({ seq: z.number() }) }),
  z.object({ type: z.literal("next"), id: z.string(), payload: resultSchema }),
  z.object({ type: z.literal("error"), id: z.string(), payload: errorsSchema }),
  z.object({ type: z.literal("complete"), id: z.string() }),
  z.object({ type: z.enum(["ping", "pong"]), payload: z.record(z.string(), z.unknown()).optional() }),
]);
export type Message = z.infer<typeof messageSchema>;
export type Next = Extract<Message, { type: "next" }>;

/** A call that asks for a socket on which GraphQL is spoken. */
export const upgrade = (headers: Record<string, string>, query = "", path = "/graphql"): Promise<Response> =>
  exports.default.fetch(`http://platform.test${path}${query}`, {
    headers: { upgrade: "websocket", "sec-websocket-protocol": graphqlProtocol, ...headers },
  });

/** A socket that is open, by raw messages; nothing has been said on it. */
export async function open(user: { headers: Record<string, string> }, query = "", path = "/graphql") {
  const answer = await upgrade(user.headers, query, path);
  const socket = answer.webSocket;
  if (!socket) throw new Error(`not connected: ${answer.status} ${await answer.text()}`);
  const messages: Message[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("message", ({ data }) => {
    messages.push(messageSchema.parse(JSON.parse(String(data))));
  });
  socket.accept();
  const send = (message: unknown) =>
    socket.send(
      typeof message === "string" || message instanceof ArrayBuffer ? message : JSON.stringify(message),
    );
  const wait = async (wanted: (message: Message) => boolean): Promise<Message> => {
    await expect.poll(() => messages.some(wanted)).toBe(true);
    const found = messages.find(wanted);
    if (!found) throw new Error("It was there");
    return found;
  };
  /** The results of an operation, at least so many. */
  const results = async (id: string, count: number): Promise<Next["payload"][]> => {
    const nexts = () =>
      messages.flatMap((message) => (message.type === "next" && message.id === id ? [message.payload] : []));
    await expect.poll(() => nexts().length).toBeGreaterThanOrEqual(count);
    return nexts();
  };
  const subscribe = (id: string, query: string, variables: object = {}) =>
    send({ type: "subscribe", id, payload: { query, variables } });
  const ended = (id: string) => wait((message) => message.type === "complete" && message.id === id);
  const refused = async (id: string): Promise<string | undefined> => {
    const message = await wait((one) => one.type === "error" && one.id === id);
    return message.type === "error" ? message.payload[0]?.extensions.code : undefined;
  };
  return { answer, socket, messages, closed, send, wait, results, subscribe, ended, refused };
}

/** A socket whose client has begun. */
export async function connect(...of: Parameters<typeof open>) {
  const socket = await open(...of);
  socket.send({ type: "connection_init" });
  const ack = await socket.wait(({ type }) => type === "connection_ack");
  return { ...socket, seq: ack.type === "connection_ack" ? ack.payload.seq : -1 };
}
