import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { connect } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);
const isPong = ({ type }: { type: string }) => type === "pong";

it("A sign of life is answered without the hub", async () => {
  const { send, next } = await connect(await createUserWithSession("life_sign"));
  const heard = await runInDurableObject(hubOf("life_sign"), (hub) => vi.spyOn(hub, "webSocketMessage"));
  send({ type: "ping" });
  await next(isPong);
  expect(heard).not.toHaveBeenCalled();
});

it("Who gave one and has been silent for a minute is let go when another connects; who never did, or speaks, stays", async () => {
  const user = await createUserWithSession("life_silent");
  const [silent, speaking, quiet] = [await connect(user), await connect(user), await connect(user)];
  for (const { send, next } of [silent, speaking]) {
    send({ type: "ping" });
    await next(isPong);
  }
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 61_000);
  try {
    speaking.send({ type: "command", event: "ping", id: "here" });
    await speaking.next(({ id }) => id === "here");
    await connect(user);
  } finally {
    clock.mockRestore();
  }
  expect((await silent.closed).code).toBe(4002);
  expect(silent.frames.at(-1)).toMatchObject({
    event: "connection.closed",
    data: { code: 4002, reason: "Nothing was heard" },
  });
  expect([speaking, quiet].map(({ socket }) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
});
