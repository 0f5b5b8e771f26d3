import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { forgetLease } from "#src/objects/access-lease.ts";
import { until } from "#src/runs/follow-run.ts";
import { statusOf } from "../../support/accounts.ts";
import { call, send } from "../../support/api.ts";
import { accessGate, tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, get, input, makeInstance, startRun } from "../../support/personas.ts";
import { usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser, tokenFor } from "../../support/users.ts";

const streamOf = (run: string, headers: Record<string, string>, since?: string) =>
  call(`/api/v1/personas/runs/${run}/events`, {
    headers: { ...headers, ...(since === undefined ? {} : { "last-event-id": since }) },
  });

/** A user with a run that goes on. */
async function running(clientId: string) {
  const user = await createUser(clientId);
  const { id } = await makeInstance(user);
  const run = await startRun(user, id);
  const tenant = tenantObjectOfRun(clientId, run);
  const complete = () => completeTask(tenant, `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
  return { user, run, tenant, complete };
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id);

describe("The stream of a run that goes on ends", () => {
  it("with its session, which has ended elsewhere, before the lease of this isolate would be four seconds old", async () => {
    const { user, run, complete } = await running("stream_session");
    forgetLease("stream_session");
    expect(await statusOf(user.headers)).toBe(200);
    const answer = await streamOf(run, user.headers);
    const begun = Date.now();
    await accessGate("stream_session").revokeSessions([user.actor.sessionId], begun + 60_000);
    const text = await answer.text();
    // Four seconds are promised; a busy machine takes longer, and without the end it would be the run's.
    expect(Date.now() - begun).toBeLessThan(8000);
    expect(text).toContain("event: execution.started");
    expect(text).not.toContain("execution.completed");
    await complete();
  });

  it("with its access token", async () => {
    const { user, run } = await running("stream_token");
    // It ran out two seconds ago, and clocks may differ by five.
    const token = await tokenFor(user.actor, Date.now() - 3_602_000);
    const answer = await streamOf(run, { authorization: `Bearer ${token}` });
    expect(await answer.text()).not.toContain("execution.completed");
  });

  it("with its tenant", async () => {
    const { user, run } = await running("stream_tenant");
    const answer = await streamOf(run, user.headers);
    await accessGate("stream_tenant").setTenantActive(false);
    forgetLease("stream_tenant");
    expect(await answer.text()).not.toContain("execution.completed");
  });
});

describe("An answer that waits for a run", () => {
  it("is 202 as soon as its session has ended elsewhere, before the lease of this isolate would be four seconds old", async () => {
    const user = await createUser("wait_session");
    const { id } = await makeInstance(user);
    forgetLease("wait_session");
    expect(await statusOf(user.headers)).toBe(200);
    const begun = Date.now();
    const answer = send("POST", `/api/v1/personas/instances/${id}/execute?wait=25`, input, user.headers);
    await accessGate("wait_session").revokeSessions([user.actor.sessionId], begun + 60_000);
    const { status } = await answer;
    // Four seconds are promised; a busy machine takes longer, and without the end it would be 25.
    expect([status, Date.now() - begun < 12_000]).toEqual([202, true]);
  }, 40_000);

  it("is the run, when that ends in the session", async () => {
    const user = await createUser("wait_run");
    const { id } = await makeInstance(user);
    const answer = send("POST", `/api/v1/personas/instances/${id}/execute?wait=25`, input, user.headers);
    const { runs } = await vi.waitUntil(async () => {
      const list = await bodyOf<{ runs: { correlation_id: string }[] }>(
        await get("/api/v1/personas/runs", user),
        200,
      );
      return list.runs.length > 0 && list;
    });
    const run = runs[0]?.correlation_id ?? "";
    const tenant = tenantObjectOfRun("wait_run", run);
    await completeTask(tenant, `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
    expect(await bodyOf(await answer, 200)).toMatchObject({ correlation_id: run, status: "completed" });
  }, 40_000);
});

describe("The stream of a run that has ended", () => {
  it("is told once: whoever knows its last event gets 204", async () => {
    const { user, run, complete } = await running("stream_rest");
    await complete();
    const ids = idsIn(await (await streamOf(run, user.headers)).text());
    expect((await streamOf(run, user.headers, ids.at(-2))).status).toBe(200);
    const rest = await streamOf(run, user.headers, ids.at(-1));
    expect([rest.status, await rest.text()]).toEqual([204, ""]);
  });

  it("tells of a gap once, also when nothing is kept behind it", async () => {
    const { user, run, tenant, complete } = await running("stream_gap_end");
    await complete();
    await tenant.appendEvent({
      id: "later",
      event: "instance.updated",
      entityId: "another",
      ownerUserId: null,
      data: {},
    });
    const { latest } = await tenant.readEvents({ since: 0, limit: 1 });
    await runInDurableObject(
      env.TENANT_WORKFLOWS.getByName("stream_gap_end"),
      (_, { storage }) => void storage.sql.exec("DELETE FROM event_blocks WHERE last_seq < ?", latest),
    );
    const gap = await (await streamOf(run, user.headers, "1")).text();
    expect(gap).toContain("event: history.gap");
    expect((await streamOf(run, user.headers, idsIn(gap).at(-1))).status).toBe(204);
  });
});

it("What comes before an end is handed on, and a failure after it is nobody's", async () => {
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const { promise: broken, reject } = Promise.withResolvers<never>();
  async function* items() {
    yield 1;
    yield 2;
    await broken;
  }
  const seen: number[] = [];
  const all = (async () => {
    for await (const item of until(end, items())) {
      seen.push(item);
      if (item === 2) queueMicrotask(resolve);
    }
  })();
  await all;
  expect(seen).toEqual([1, 2]);
  reject(new Error("too late"));
});
