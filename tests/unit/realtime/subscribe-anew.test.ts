import { expect, it } from "vitest";
import { connect, say } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

it("Who comes back says all subscriptions at once, and is shown what was missed of all of them, once and in order", async () => {
  const clientId = "subscribed_anew";
  const user = await createUserWithSession(clientId);
  const { userId } = user.actor;
  for (const run of ["one", "two", "three"]) await say(clientId, run, userId, "execution.completed");
  await say(clientId, "thing", userId, "instance.deleted");
  const { send, next, frames } = await connect(user, "?since=0");
  const watched = ["one", "two"].map((entity_id) => ({ entity_id, events: ["execution.*"] }));
  send({ type: "command", event: "subscribe", id: "all", data: { events: ["instance.*"], watched } });
  expect((await next(({ id }) => id === "all")).data).toEqual({ events: ["instance.*"], watched });
  await next(({ event }) => event === "instance.deleted");
  const heard = frames.flatMap(({ seq, entity_id }) => (seq === undefined ? [] : [entity_id]));
  expect(heard).toEqual(["one", "two", "thing"]);
});

it("A subscription to nothing is refused", async () => {
  const { send, next } = await connect(await createUserWithSession("subscribed_to_nothing"));
  send({ type: "command", event: "subscribe", id: "none", data: {} });
  expect(await next(({ id }) => id === "none")).toMatchObject({ type: "error", error: "Invalid command" });
});
