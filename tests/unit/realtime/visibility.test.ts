import { expect, it } from "vitest";
import { roles } from "#src/kernel/actor.ts";
import { permissionNames } from "#src/kernel/permissions.ts";
import { maySee } from "#src/realtime/visibility.ts";
import { connect, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

const event = (name: string, owner: string | null) => ({
  seq: 1,
  event: name,
  entity_id: "x",
  owner_user_id: owner,
  data: {},
  timestamp: "2026-01-01T00:00:00.000Z",
});

const heardBy = (name: string, owner: string | null = "another") =>
  roles.filter((role) => maySee({ userId: "me", role, permissions: [] }, event(name, owner)));

const permissionsFor = (name: string) =>
  permissionNames.filter((permission) =>
    maySee({ userId: "me", role: "user", permissions: [permission] }, event(name, "another")),
  );

it.each([
  ["execution.completed", ["admin"]],
  ["execution.progress", ["admin"]],
  ["instance.updated", ["admin"]],
  ["subscription.updated", ["admin"]],
  ["project.updated", ["admin"]],
  ["user.updated", ["moderator", "admin"]],
  ["security.suspicious_activity", ["moderator", "admin"]],
  ["system.notification", ["user", "moderator", "admin"]],
])("%s of another user is heard by %j", (name, expected) => {
  expect(heardBy(name)).toEqual(expected);
  expect(heardBy(name, "me")).toEqual([...roles]);
  expect(heardBy(name, null)).toEqual([...roles]);
});

it.each([
  ["execution.completed", []],
  ["instance.updated", []],
  ["user.updated", ["*", "admin.users", "users.read"]],
  ["security.suspicious_activity", ["*", "admin.users", "users.read"]],
  ["subscription.updated", ["*", "admin.subscriptions"]],
])("%s of another user is heard by the holders of %j", (name, expected) => {
  expect(permissionsFor(name)).toEqual(expected);
});

it("A moderator hears no run of others live, in a replay, or in history", async () => {
  const owner = await createUserWithSession("moderator_hears");
  const moderator = await createUserWithSession("moderator_hears", { role: "moderator" });
  await say("moderator_hears", "run-before", owner.actor.userId);
  const { subscribe, history, next, frames } = await connect(moderator, "?since=0");
  await subscribe("**");
  await say("moderator_hears", "run-live", owner.actor.userId);
  await say("moderator_hears", "account", owner.actor.userId, "user.updated");
  await next(isEvent("account"));
  const { data } = await history(0);
  expect(data?.events).toMatchObject([{ entity_id: "account" }]);
  expect(frames.some(({ entity_id }) => entity_id?.startsWith("run"))).toBe(false);
});
