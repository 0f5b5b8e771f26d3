import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { policies } from "#src/operation/policy.ts";
import type { ConversationSockets, GraphqlCallsApi, SocketCallsApi } from "#src/realtime/index.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { api, send } from "../../support/api.ts";
import { guest, guests } from "../../support/guests.ts";
import { spread, userAtEach } from "../../support/hub-shards.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

afterEach(() => vi.restoreAllMocks());

/** A project of somebody's; its room. */
async function roomOfProject({ token }: TestUser): Promise<{ id: string; room: string }> {
  const { data } = await api(token).POST("/api/v1/projects", { body: { name: crypto.randomUUID() } });
  if (!data) throw new Error("no project");
  return { id: data.id, room: `project:${data.id}` };
}

const deleteProject = ({ token }: TestUser, project_id: string) =>
  api(token).DELETE("/api/v1/projects/{project_id}", { params: { path: { project_id } } });

const joining = async (user: TestUser, room: string) => (await guest(user)).ask("join_room", { room });

const noSuchRoom = { type: "error", error: "No such room", data: { code: "NOT_FOUND" } };

describe("The room of a project", () => {
  it("is for who may read it: its owner and holders of `projects.manage`, as the policy says, and no other", async () => {
    const clientId = "proj_room";
    const owner = await createUserWithSession(clientId);
    const { room } = await roomOfProject(owner);
    const others = await Promise.all([
      createUserWithSession(clientId),
      createUserWithSession(clientId, { role: "moderator" }),
      createUserWithSession(clientId, { permissions: ["users.read"] }),
      createUserWithSession(clientId, { permissions: ["projects.manage"] }),
      createUserWithSession(clientId, { role: "admin" }),
    ]);
    const outcomes = await Promise.all([owner, ...others].map((user) => joining(user, room)));
    expect(outcomes.map(({ type }) => type)).toEqual([
      "response",
      ...["error", "error", "error"],
      ...["response", "response"],
    ]);
    expect(outcomes[1]).toMatchObject(noSuchRoom);
    expect(policies.getProject).toMatchObject({
      own: ["anybody"],
      tenant: [{ permission: "projects.manage" }],
    });
  });

  it("is heard by all who are in it", async () => {
    const owner = await createUserWithSession("proj_said");
    const admin = await guest(await createUserWithSession("proj_said", { role: "admin" }));
    const { room } = await roomOfProject(owner);
    const socket = await guest(owner);
    for (const one of [socket, admin]) await one.ask("join_room", { room });
    await socket.ask("room_message", { room, data: "hot" });
    await admin.hears("hot");
  });

  it.each(["user", "admin"] as const)(
    "is nobody's of another tenant: a %s is told what is told of none",
    async (role) => {
      const { room } = await roomOfProject(await createUserWithSession("proj_own"));
      const stranger = await guest(await createUserWithSession("proj_other", { role }));
      const [refused, unknown] = [
        await stranger.ask("join_room", { room }),
        await stranger.ask("join_room", { room: `project:${crypto.randomUUID()}` }),
      ];
      expect(refused).toMatchObject(noSuchRoom);
      expect(unknown.data).toEqual(refused.data);
    },
  );

  it.each(["project:", "project:nonsense", "project:1:2", `project:${crypto.randomUUID()}x`])(
    "is not asked for under a name that no project has, as %j",
    async (room) => {
      const perform = vi.spyOn(SocketCalls.prototype, "perform");
      const [ada] = await guests("proj_names", 1);
      expect(await ada?.ask("join_room", { room })).toMatchObject(noSuchRoom);
      expect(perform).not.toHaveBeenCalled();
    },
  );

  it("is asked for once, by who comes in, and by nothing that is said", async () => {
    const perform = vi.spyOn(SocketCalls.prototype, "perform");
    const owner = await createUserWithSession("proj_counted");
    const { room } = await roomOfProject(owner);
    const socket = await guest(owner);
    for (const name of ["tea", room, room]) await socket.ask("join_room", { room: name });
    await socket.ask("room_message", { room, data: "hot" });
    await socket.ask("presence", { room });
    await socket.ask("leave_room", { room });
    await socket.subscribe("execution.*");
    expect(perform).toHaveBeenCalledTimes(1);
  });
});

describe("When a project is deleted", () => {
  it("everybody is sent out of its room, at every hub, and nobody comes in any more", async () => {
    const clientId = "proj_deleted";
    const users = await userAtEach(clientId, 2);
    await spread(clientId, 2);
    const [owner] = users;
    const admin = await createUserWithSession(clientId, { permissions: ["projects.manage"] });
    if (!owner) throw new Error("nobody");
    const { id, room } = await roomOfProject(owner);
    const inside = await Promise.all([owner, owner, admin].map((user) => guest(user)));
    for (const one of inside) await one.ask("join_room", { room });
    await inside[2]?.ask("join_room", { room: "tea" });
    await deleteProject(owner, id);
    for (const one of inside) {
      await one.next(({ event, data }) => event === "room.ended" && data?.room === room);
      expect(await one.ask("room_message", { room, data: 1 })).toMatchObject({ error: "Not in this room" });
      expect(await one.ask("join_room", { room })).toMatchObject(noSuchRoom);
    }
    expect(await inside[2]?.ask("presence", { room: "tea" })).toMatchObject({ type: "response" });
  });

  it("who was about to come in is not let in", async () => {
    const owner = await createUserWithSession("proj_race");
    const { id, room } = await roomOfProject(owner);
    const perform = SocketCalls.prototype.perform;
    const asked: string[] = [];
    const spy = vi.spyOn(SocketCalls.prototype, "perform").mockImplementation(async function (
      this: SocketCalls,
      call,
    ) {
      const answer = await perform.call(this, call);
      asked.push(String(answer.ok));
      // It is gone before the answer is heard.
      if (asked.length === 1) {
        await deleteProject(owner, id);
        await expect.poll(() => ended.mock.calls.length).toBe(1);
      }
      return answer;
    });
    const ended = vi.spyOn(TenantHub.prototype, "endRoom");
    expect(await joining(owner, room)).toMatchObject(noSuchRoom);
    expect([asked, spy.mock.calls.length]).toEqual([["true", "false"], 2]);
  });
});

it("Who loses the right to read it is out of the room, with the connection", async () => {
  const clientId = "proj_lost";
  const ownUser = await createUserWithSession(clientId);
  const owner = await guest(ownUser);
  const admin = await createUserWithSession(clientId, { role: "admin" });
  const user = await createUserWithSession(clientId, { permissions: ["projects.manage"] });
  const permissions = `/api/v1/admin/users/${user.actor.userId}/permissions`;
  const granted = { permission_name: "projects.manage" };
  expect((await send("POST", permissions, granted, admin.headers)).status).toBe(201);
  const { room } = await roomOfProject(ownUser);
  const manager = await guest(user);
  for (const one of [owner, manager]) await one.ask("join_room", { room });
  await send("DELETE", `${permissions}/projects.manage`, {}, admin.headers);
  expect((await manager.closed).code).toBe(4003);
  expect((await owner.ask("room_message", { room, data: 1 })).type).toBe("response");
  expect(manager.heard("room_message")).toEqual([]);
});

describe("Where the gateway cannot be asked", () => {
  /** What a hub with another gateway answers to a command. */
  async function answered(
    clientId: string,
    gateway?: SocketCallsApi & GraphqlCallsApi & ConversationSockets,
  ) {
    const socket = await guest(await createUserWithSession(clientId));
    const room = `project:${crypto.randomUUID()}`;
    await runInDurableObject(env.TENANT_HUB.getByName(clientId), async (_, ctx) => {
      const hub = new TenantHub(ctx, Object.assign({}, env, { SOCKET_CALLS: gateway }));
      const [server] = ctx.getWebSockets();
      const command = { type: "command", event: "join_room", id: "j", data: { room } };
      if (server) await hub.webSocketMessage(server, JSON.stringify(command));
    });
    return socket.next(({ id }) => id === "j");
  }

  const broken = async () => {
    throw new Error("broken");
  };

  it.each([
    ["before it is there", "proj_unbound", undefined],
    [
      "because it fails",
      "proj_failing",
      { perform: broken, fetch: broken, beginGraphql: broken, tellGraphql: broken },
    ],
  ])("%s, a room is refused for now, and nothing else is wrong", async (_, clientId, gateway) => {
    expect(await answered(clientId, gateway)).toMatchObject({
      type: "error",
      error: "Not now",
      data: { code: "UPSTREAM_UNAVAILABLE", command: "join_room" },
    });
  });
});
