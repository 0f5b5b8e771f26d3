import { io, type Socket } from "socket.io-client";
import { afterEach, expect, inject, it } from "vitest";
import { apiClient, dataOf, signIn } from "#client/index.ts";
import { makeInstance, signInDemoUser } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";

const baseUrl = inject("baseUrl");
const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** The client as it is. */
function connect(token: string, conversation: string, more: Record<string, string> = {}): Promise<Socket> {
  const socket = io(baseUrl, {
    transports: ["websocket"],
    extraHeaders: { authorization: `Bearer ${token}` },
    query: { conversation, ...more },
    forceNew: true,
  });
  open.push(socket);
  return new Promise((resolve, reject) => {
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", reject);
  });
}

const heard = <T>(socket: Socket, event: string, wanted: (said: T) => boolean): Promise<T> =>
  new Promise((resolve) => socket.on(event, (said: T) => wanted(said) && resolve(said)));

async function tokenOf({ email, password }: { email: string; password: string }): Promise<string> {
  const { access_token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  return access_token;
}

interface OlderMessage {
  id: string;
  content: string;
  role: string;
  senderId: string;
}

it("The unchanged client joins a conversation, is answered by the persona, and talks with a person", async () => {
  const uma = await signInDemoUser(baseUrl);
  const ada = await signIn(demo.accounts[0], { baseUrl });
  const instanceId = await makeInstance(uma.api, "Copywriter");
  const { id } = await uma.conversations.begin(instanceId);
  const mine = await connect(await tokenOf(demo.accounts[1]), id);
  expect(await mine.emitWithAck("join-conversation", crypto.randomUUID())).toEqual({
    error: { message: "Connect to that conversation first", code: "NOT_FOUND" },
  });
  expect(await mine.emitWithAck("join-conversation", id)).toBe(true);
  const answered = heard<OlderMessage>(mine, "new-message", ({ role }) => role === "assistant");
  const sent = await mine.emitWithAck("send-message", { conversationId: id, content: "About tea?" });
  expect(sent).toMatchObject({ conversationId: id, content: "About tea?", messageType: "text" });
  expect((await answered).content).not.toBe("");

  const staff = await connect(await tokenOf(demo.accounts[0]), id, { as: "staff" });
  expect(await staff.emitWithAck("join-conversation", id)).toBe(true);
  const typed = heard<{ typing: boolean }>(staff, "user-typing", ({ typing }) => typing);
  mine.emit("typing", { conversationId: id, typing: true });
  await typed;
  dataOf(
    await ada.api.POST("/api/v1/admin/conversations/{conversation_id}/take", {
      params: { path: { conversation_id: id } },
      body: {},
    }),
  );
  const told = heard<OlderMessage>(mine, "new-message", ({ role }) => role === "agent");
  await staff.emitWithAck("send-message", { conversationId: id, content: "Ada here" });
  expect((await told).content).toBe("Ada here");
});

it("The unchanged client is refused where it may hear nothing, and told why", async () => {
  await expect(connect("nonsense", crypto.randomUUID())).rejects.toThrow();
});
