import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { EventFeed } from "#src/events/event-log.ts";
import { call, send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { execute, input, makeInstance } from "#tests/support/personas.ts";
import { usage } from "#tests/support/plans.ts";
import { completeTask } from "#tests/support/task-reports.ts";
import { createUser } from "#tests/support/users.ts";

/** The id of the first run that starts in the tenant. */
async function startedRun(tenant: EventFeed): Promise<string> {
  for (let since = 0; ; ) {
    const { events } = await tenant.waitForEvents({ since, limit: 10 }, 10_000);
    const started = events.find(({ event }) => event === "execution.started");
    if (started) return started.entity_id;
    since = events.at(-1)?.seq ?? since;
  }
}

describe("Executions", () => {
  it("are accepted with a place to look", async () => {
    const user = await createUser("execute_accept");
    const instance = await makeInstance(user);
    const answer = await execute(user, instance.id, input);
    expect(answer.status).toBe(202);
    const body = await answer.json<{ correlation_id: string; events_url: string }>();
    expect(answer.headers.get("location")).toBe(`/api/v1/personas/runs/${body.correlation_id}`);
    expect(body.events_url).toBe(`/api/v1/personas/runs/${body.correlation_id}/events`);
  });

  it("name the field of an input that does not fit the template's schema", async () => {
    const user = await createUser("execute_input");
    const instance = await makeInstance(user);
    const missing = await execute(user, instance.id, { input: {} });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: "input.topic", message: "Required" }] },
    });
    const wrong = await execute(user, instance.id, { input: { topic: 7 } });
    expect(await wrong.json()).toMatchObject({ details: { fields: [{ path: "input.topic" }] } });
  });

  it("with the same key and body are one run; another body is a conflict", async () => {
    const user = await createUser("execute_key");
    const instance = await makeInstance(user);
    const key = { "idempotency-key": "once" };
    const first = await execute(user, instance.id, input, key);
    const again = await execute(user, instance.id, { input: { topic: "tea" } }, key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toMatchObject({
      correlation_id: (await first.json<{ correlation_id: string }>()).correlation_id,
    });
    expect((await execute(user, instance.id, { input: { topic: "coffee" } }, key)).status).toBe(409);
  });

  it("answer 200 with the result when they end within ?wait", async () => {
    const user = await createUser("execute_wait");
    const instance = await makeInstance(user);
    const tenant = tenantObject("execute_wait");
    const answer = send(
      "POST",
      `/api/v1/personas/instances/${instance.id}/execute?wait=20`,
      input,
      user.headers,
    );
    const id = await startedRun(tenant);
    await completeTask(tenant, `${id}.write.main`, 1, { output: { text: "Tea" }, usage });
    expect((await answer).status).toBe(200);
    expect(await (await answer).json()).toMatchObject({ status: "completed", result: { text: "Tea" } });
  });

  it("stream their events and end with the last, resumable after any of them", async () => {
    const user = await createUser("execute_events");
    const instance = await makeInstance(user);
    const { correlation_id: id } = await (await execute(user, instance.id, input)).json<{
      correlation_id: string;
    }>();
    const tenant = tenantObject("execute_events");
    const stream = call(`/api/v1/personas/runs/${id}/events`, { headers: user.headers }).then((answer) =>
      answer.text(),
    );
    await completeTask(tenant, `${id}.write.main`, 1, { output: { text: "Tea" }, usage });
    const names = (text: string) => [...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name);
    const text = await stream;
    expect(names(text)[0]).toBe("execution.started");
    expect(names(text).at(-1)).toBe("execution.completed");
    const ids = [...text.matchAll(/^id: (\S+)$/gm)].map(([, seq]) => seq);
    const resumed = await call(`/api/v1/personas/runs/${id}/events`, {
      headers: { ...user.headers, "last-event-id": String(ids.at(-2)) },
    });
    expect(names(await resumed.text())).toEqual(["execution.completed"]);
  });

  it("of others are not found: status, events and resume", async () => {
    const user = await createUser("runs_theirs");
    const instance = await makeInstance(user);
    const { correlation_id: id } = await (await execute(user, instance.id, input)).json<{
      correlation_id: string;
    }>();
    for (const stranger of [
      await createUser("runs_theirs"),
      await createUser("runs_elsewhere", { role: "admin" }),
    ]) {
      const look = (path: string) =>
        call(`/api/v1/personas/runs/${id}${path}`, { headers: stranger.headers });
      expect((await look("")).status).toBe(404);
      expect((await look("/events")).status).toBe(404);
      expect(
        (await send("POST", `/api/v1/personas/runs/${id}/resume`, { approved: true }, stranger.headers))
          .status,
      ).toBe(404);
    }
  });

  it("of instances that are not one's own are refused", async () => {
    const owner = await createUser("execute_theirs");
    const instance = await makeInstance(owner);
    expect((await execute(await createUser("execute_theirs"), instance.id, input)).status).toBe(404);
    expect((await execute(owner, uuidv7(), input)).status).toBe(404);
  });
});
