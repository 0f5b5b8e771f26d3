import { expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { connect, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

it("Who asks with sync is told up to where they have been shown the log, not what others know to be on its way", async () => {
  const clientId = "told_through";
  const user = await createUserWithSession(clientId);
  const { subscribe, send, next } = await connect(user);
  await subscribe("execution.*");
  const shownThrough = async (id: string) => {
    send({ type: "command", event: "sync", id });
    return (await next((frame) => frame.id === id)).data?.seq;
  };
  const { promise: goOn, resolve } = Promise.withResolvers<void>();
  const { publish } = TenantHub.prototype;
  const held = vi.spyOn(TenantHub.prototype, "publish").mockImplementationOnce(async function (
    this: TenantHub,
    ...given
  ) {
    await goOn;
    return publish.apply(this, given);
  });
  await say(clientId, "late", user.actor.userId);
  await expect.poll(() => held.mock.calls.length).toBe(1);
  const other = await connect(user);
  expect((await other.next(({ event }) => event === "connection.established")).data?.seq).toBe(1);
  expect(await shownThrough("before")).toBe(0);
  resolve();
  await next(isEvent("late"));
  expect(await shownThrough("after")).toBe(1);
});
