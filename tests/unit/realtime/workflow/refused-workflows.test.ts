import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { api } from "../../../support/api.ts";
import { tenantObject } from "../../../support/objects.ts";
import { createUserWithSession } from "../../../support/users.ts";
import { personaWith, someoneStarting, starter } from "../../../support/workflow-guests.ts";

afterEach(() => vi.restoreAllMocks());

describe("What does not begin", () => {
  it.each([
    ["a persona that is not there", { agent_instance_id: crypto.randomUUID() }, "NOT_FOUND"],
    ["a persona that has no such name", { agent_instance_id: "tea" }, "VALIDATION_ERROR"],
    ["a project that it is not in", { project_id: crypto.randomUUID() }, "NOT_FOUND"],
    ["parameters that its template refuses", { parameters: { topic: 7 } }, "VALIDATION_ERROR"],
    ["parameters that are too long", { parameters: { topic: "x".repeat(21) } }, "VALIDATION_ERROR"],
    ["parameters that are a list", { parameters: ["tea"] }, "VALIDATION_ERROR"],
    ["a kind that is no text", { workflow_type: 7 }, "VALIDATION_ERROR"],
    ["a field that nobody knows", { fuel: 7 }, "VALIDATION_ERROR"],
  ])("is told with its reason, as REST tells it: %s", async (_, data, code) => {
    const { persona, start, nextOf } = await someoneStarting("flow_refused");
    start("w1", persona, data);
    const { error } = await nextOf("w1");
    expect(error).toMatchObject({ code, message: expect.any(String) });
  });

  it("names the fields that are wrong as they were sent", async () => {
    const { persona, start, nextOf } = await someoneStarting("flow_fields");
    start("w1", persona, { parameters: 3, project_id: "mine" });
    const { error } = await nextOf("w1");
    expect(Object(error).details.fields.map(({ path }: { path: string }) => path)).toEqual([
      "data.project_id",
      "data.parameters",
    ]);
  });

  it("a number that would become another one is refused", async () => {
    const { persona, send: say, nextOf } = await someoneStarting("flow_number");
    say(
      `{"type":"start_workflow","id":"w1","data":{"agent_instance_id":"${persona}","parameters":{"topic":12345678901234567890}}}`,
    );
    expect(Object((await nextOf("w1")).error)).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { fields: [{ path: "data.parameters.topic" }] },
    });
  });

  it.each([undefined, 7, "", "with space", "x".repeat(129), "é", null])(
    "without a word for it that can be given back, %j, is answered as a command is",
    async (id) => {
      const { persona, start, next } = await someoneStarting("flow_nameless");
      start(id, persona);
      expect(await next(({ type }) => type === "error")).toMatchObject({
        error: "Invalid command",
        data: { command: "start_workflow" },
      });
    },
  );

  it.each(["user", "admin"] as const)("is another tenant's persona, to a %s", async (role) => {
    const owner = await createUserWithSession("flow_tenant");
    const persona = await personaWith(owner);
    const stranger = await starter(await createUserWithSession("flow_tenant_other", { role }));
    stranger.start("w1", persona);
    expect((await stranger.nextOf("w1")).error).toMatchObject({ code: "NOT_FOUND" });
    expect((await tenantObject("flow_tenant").describe()).activeRuns).toBe(0);
  });

  it("is another user's persona, except to administrators, as the policy says", async () => {
    const clientId = "flow_roles";
    const persona = await personaWith(await createUserWithSession(clientId));
    const started = async (over: object) => {
      const socket = await starter(await createUserWithSession(clientId, over));
      socket.start("w1", persona);
      const { error } = await socket.nextOf("w1");
      return error === undefined ? "started" : Object(error).code;
    };
    expect(await started({})).toBe("NOT_FOUND");
    expect(await started({ role: "moderator" })).toBe("NOT_FOUND");
    expect(await started({ permissions: ["projects.manage"] })).toBe("NOT_FOUND");
    expect(await started({ role: "admin" })).toBe("started");
  });

  it("begins in the project that its persona is in", async () => {
    const { user, persona, start, nextOf } = await someoneStarting("flow_project");
    const { data } = await api(user.token).POST("/api/v1/projects", { body: { name: "Mine" } });
    const project_id = data?.id;
    await env.DB.prepare("UPDATE persona_instances SET project_id = ? WHERE id = ?")
      .bind(project_id, persona)
      .run();
    start("w1", persona, { project_id });
    expect((await nextOf("w1")).error).toBeUndefined();
  });

  it("is told of while the platform is maintained or its executions are closed, by the operation itself", async () => {
    vi.spyOn(SocketCalls.prototype, "perform").mockResolvedValue({ ok: false, code: "MAINTENANCE" });
    const { persona, start, nextOf } = await someoneStarting("flow_maintenance");
    start("w1", persona);
    expect((await nextOf("w1")).error).toEqual({
      code: "MAINTENANCE",
      message: "Down for maintenance",
    });
  });

  it("where the gateway is not bound yet, is refused for now", async () => {
    const { persona, nextOf } = await someoneStarting("flow_unbound");
    await runInDurableObject(env.TENANT_HUB.getByName("flow_unbound"), async (_, ctx) => {
      const hub = new TenantHub(ctx, Object.assign({}, env, { SOCKET_CALLS: undefined }));
      const [socket] = ctx.getWebSockets();
      const frame = { type: "start_workflow", id: "w1", data: { agent_instance_id: persona } };
      if (socket) await hub.webSocketMessage(socket, JSON.stringify(frame));
    });
    expect((await nextOf("w1")).error).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });
});
