import { z } from "zod";
import { send } from "./api.ts";
import { open } from "./conversation-sockets.ts";
import { connectSocketIo } from "./socket-io.ts";
import type { TestUser } from "./users.ts";

/** What came of writing: the message's id, or the code of the refusal. */
export type Written = { id: string } | { refused: string };

/** Writes a message, with whatever else stands beside its words. */
export type Write = (word: string, content: unknown, more?: Record<string, unknown>) => Promise<Written>;

const sentSchema = z.object({ message: z.object({ id: z.string() }) });
const refusedSchema = z.object({ error: z.string() });
const startSchema = z.object({ type: z.literal("start"), messageId: z.string().optional() });

const written = (body: unknown): Written => ({ id: sentSchema.parse(body).message.id });

async function restAnswer(answer: Response): Promise<Written> {
  const body: unknown = await answer.json();
  return answer.ok ? written(body) : { refused: refusedSchema.parse(body).error };
}

/** All ways in by which somebody writes in a conversation of theirs. */
export async function waysToWrite(user: Pick<TestUser, "headers">, id: string) {
  const [socket, socketIo] = [await open(user, id), await connectSocketIo(user, id)];
  let acks = 0;
  const ways: Record<"REST" | "socket" | "Socket.IO" | "AI SDK", Write> = {
    REST: async (client_message_id, content, more) =>
      restAnswer(
        await send(
          "POST",
          `/api/v1/conversations/${id}/messages`,
          { client_message_id, content, ...more },
          user.headers,
        ),
      ),
    socket: async (client_message_id, content, more) => {
      const frame = await socket.command("message.send", { client_message_id, content, ...more });
      return frame.type === "response"
        ? written(frame.data)
        : { refused: String(frame.data?.code ?? frame.error) };
    },
    "Socket.IO": async (clientMessageId, content, more) => {
      const ack = ++acks;
      const said = { conversationId: id, clientMessageId, content, ...more };
      socketIo.say(`42${ack}["send-message",${JSON.stringify(said)}]`);
      const start = `43${ack}[`;
      await socketIo.next(start);
      const packet = socketIo.packets.find((one) => one.startsWith(start)) ?? "";
      const [answer] = z.tuple([z.looseObject({})]).parse(JSON.parse(packet.slice(start.length - 1)));
      const refused = z.object({ error: z.object({ code: z.string() }) }).safeParse(answer).data;
      return refused ? { refused: refused.error.code } : z.object({ id: z.string() }).parse(answer);
    },
    "AI SDK": async (messageId, text, more) => {
      const message = { id: messageId, role: "user", parts: [{ type: "text", text }], ...more };
      const answer = await send("POST", "/api/v1/chat", { id, messages: [message] }, user.headers);
      if (!answer.ok) return restAnswer(answer);
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let value = "";
      while (!value.includes("data: ")) value += (await reader?.read())?.value ?? "";
      await reader?.cancel();
      const [start = ""] = value.slice(value.indexOf("data: ") + "data: ".length).split("\n");
      return { id: startSchema.parse(JSON.parse(start)).messageId ?? "" };
    },
  };
  const close = () => socket.socket.close();
  return { ways, socket, close };
}
