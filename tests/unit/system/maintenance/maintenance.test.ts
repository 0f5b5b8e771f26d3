import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, listProjects } from "#src/projects/index.ts";
import { password, signedIn } from "../../../support/accounts.ts";
import { api, send } from "../../../support/api.ts";
import { configureNothing } from "../../../support/configuration.ts";
import { get } from "../../../support/personas.ts";
import { oneTextStep } from "../../../support/plans.ts";
import { connect } from "../../../support/sockets.ts";
import { deliver, startedTask } from "../../../support/tasks.ts";
import { createUser, createUserWithSession } from "../../../support/users.ts";
import { byRest, inProcess, offer, overWebSocket } from "../../../support/ways-in.ts";

const operator = await createUser("operator", { role: "admin" });

const setMaintenance = (body: { enabled: boolean; message?: string; retry_after_seconds?: number }) =>
  api(operator.token).POST("/api/v1/admin/system/maintenance", { body });

afterEach(configureNothing);

describe("POST /admin/system/maintenance", () => {
  it("begins it and ends it, with the operator's words, and says who did so when", async () => {
    const begun = await setMaintenance({ enabled: true, message: "Back at noon", retry_after_seconds: 120 });
    expect(begun.data).toEqual({
      enabled: true,
      message: "Back at noon",
      retry_after_seconds: 120,
      version: expect.any(Number),
      updated_at: expect.any(String),
      updated_by: operator.actor.userId,
    });
    const ended = await setMaintenance({ enabled: false });
    expect(ended.data).toMatchObject({ enabled: false, message: "Down for maintenance" });
  });

  it("leaves a row in the audit log each time that it changes something", async () => {
    const since = Date.now();
    await setMaintenance({ enabled: true });
    await setMaintenance({ enabled: true });
    await setMaintenance({ enabled: false });
    const query =
      "SELECT action FROM audit_log WHERE action LIKE 'maintenance.%' AND created_at >= ? ORDER BY id";
    const { results } = await env.DB.prepare(query).bind(since).all();
    expect(results.map(({ action }) => action)).toEqual(["maintenance.begun", "maintenance.ended"]);
  });

  it("is for the operator's administrators", async () => {
    for (const stranger of [
      await createUser("maintained", { role: "admin" }),
      await createUser("operator", { permissions: ["admin.users"] }),
    ]) {
      const answer = await send(
        "POST",
        "/api/v1/admin/system/maintenance",
        { enabled: true },
        stranger.headers,
      );
      expect(answer.status).toBe(403);
    }
  });
});

describe("During maintenance", () => {
  beforeEach(async () => {
    await setMaintenance({ enabled: true, retry_after_seconds: 90 });
  });

  it("a write is refused with 503 and Retry-After, until it has ended; a read is answered", async () => {
    const user = await createUser("maintained");
    const make = () => send("POST", "/api/v1/projects", { name: "Mine" }, user.headers);
    const refused = await make();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("90");
    expect(await refused.json()).toMatchObject({
      error: "MAINTENANCE",
      message: "Down for maintenance",
      details: { retry_after_seconds: 90 },
    });
    expect((await get("/api/v1/projects", user)).status).toBe(200);
    await setMaintenance({ enabled: false });
    expect((await make()).status).toBe(201);
  });

  it("a write is refused whichever way it comes in", async () => {
    const user = await createUser("maintained_ways");
    const offered = Object.fromEntries([offer(createProject), offer(listProjects)]);
    for (const way of [await byRest(), inProcess(offered), overWebSocket(offered)]) {
      const asked = { operation: "createProject", input: { body: { name: "Mine" } } };
      expect(await way(user, asked)).toMatchObject({ refused: { error: "MAINTENANCE" } });
      const list = await way(user, { operation: "listProjects", input: { query: {} } });
      expect(list).toMatchObject({ output: { count: 0 } });
    }
  });

  it("the operator's administrators go on, another tenant's wait", async () => {
    const make = (headers: Record<string, string>, name: string) =>
      send("POST", "/api/v1/projects", { name }, headers);
    expect((await make(operator.headers, `During ${Date.now()}`)).status).toBe(201);
    const theirs = await createUser("maintained", { role: "admin" });
    expect((await make(theirs.headers, "Theirs")).status).toBe(503);
  });

  it("everybody signs in and out, and nobody registers", async () => {
    await setMaintenance({ enabled: false });
    const account = await signedIn("maintained_sign_in");
    await setMaintenance({ enabled: true });
    const credentials = { email: account.email, password };
    const entered = await send("POST", "/api/v1/auth/login", credentials);
    expect(entered.status).toBe(200);
    const { access_token } = await entered.json<{ access_token: string }>();
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await send("POST", "/api/v1/auth/logout", {}, headers)).ok).toBe(true);
    const newcomer = { ...credentials, email: "late@maintained.example", client_id: "maintained_sign_in" };
    expect((await send("POST", "/api/v1/auth/register", newcomer)).status).toBe(503);
  });

  it("what is executed goes on to its end", async () => {
    const { envelope, view } = await startedTask("maintained_runs", oneTextStep);
    await deliver("agents", [envelope("write")]);
    expect((await view()).status).toBe("completed");
  });

  it("sockets are opened, and answer", async () => {
    const user = await createUserWithSession("maintained_sockets");
    const { send: say, next } = await connect(user);
    say({ type: "command", event: "ping", id: "p" });
    await next(({ id }) => id === "p");
  });
});
