import { describe, expect, it } from "vitest";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, get, makeInstance, startRun } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";
import { runPath } from "../paths.ts";

const stop = (user: TestUser, id: string, body?: unknown) =>
  body === undefined
    ? call(`/api/v1/personas/instances/${id}/stop`, { method: "POST", headers: user.headers })
    : send("POST", `/api/v1/personas/instances/${id}/stop`, body, user.headers);

const statusOf = async (user: TestUser, run: string) =>
  (await bodyOf<{ status: string }>(await get(runPath(run), user), 200)).status;

describe("Stopping", () => {
  it("cancels all an instance executes, and nothing of another", async () => {
    const user = await createUser("stop_all");
    const { id } = await makeInstance(user);
    const { id: other } = await makeInstance(user);
    const [first, second] = [await startRun(user, id), await startRun(user, id)];
    const untouched = await startRun(user, other);
    const { stopped, count } = await bodyOf<{ stopped: string[]; count: number }>(await stop(user, id), 200);
    expect(stopped.sort()).toEqual([first, second].sort());
    expect(count).toBe(2);
    expect(await statusOf(user, first)).toBe("cancelled");
    expect(await statusOf(user, untouched)).toBe("running");
    expect(await bodyOf(await stop(user, id), 200)).toMatchObject({ stopped: [], count: 0 });
  });

  it("takes no body of another type, not even none", async () => {
    const user = await createUser("stop_typed");
    const { id } = await makeInstance(user);
    const answer = await call(`/api/v1/personas/instances/${id}/stop`, {
      method: "POST",
      headers: { ...user.headers, "content-type": "text/plain" },
    });
    expect(await bodyOf(answer, 415)).toMatchObject({ error: "UNSUPPORTED_MEDIA_TYPE" });
  });

  it("cancels the one run that is named", async () => {
    const user = await createUser("stop_one");
    const { id } = await makeInstance(user);
    const [first, second] = [await startRun(user, id), await startRun(user, id)];
    expect(await bodyOf(await stop(user, id, { correlation_id: first }), 200)).toMatchObject({
      stopped: [first],
    });
    expect([await statusOf(user, first), await statusOf(user, second)]).toEqual(["cancelled", "running"]);
    expect((await stop(user, id, { correlation_id: first })).status).toBe(409);
  });

  it("does not reach a run of another instance, or an instance of another user", async () => {
    const user = await createUser("stop_other");
    const [mine, alsoMine] = [await makeInstance(user), await makeInstance(user)];
    const run = await startRun(user, mine.id);
    expect((await stop(user, alsoMine.id, { correlation_id: run })).status).toBe(404);
    const stranger = await createUser("stop_other");
    expect((await stop(stranger, mine.id)).status).toBe(404);
    expect((await stop(stranger, mine.id, { correlation_id: run })).status).toBe(404);
    expect(await statusOf(user, run)).toBe("running");
  });

  it("reaches a run that an administrator started on one's own instance", async () => {
    const user = await createUser("stop_admin");
    const administrator = await createUser("stop_admin", { role: "admin" });
    const { id } = await makeInstance(user);
    const run = await startRun(administrator, id);
    expect(await bodyOf(await stop(user, id), 200)).toMatchObject({ stopped: [run] });
  });
});
