import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { makeInstance, startRun } from "../../support/personas.ts";
import { usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser } from "../../support/users.ts";
import { runPath } from "./paths.ts";

describe("The stream of a run's events", () => {
  it("tells of a gap when what came in between is no longer kept", async () => {
    const user = await createUser("stream_gap");
    const { id } = await makeInstance(user);
    const run = await startRun(user, id);
    const tenant = tenantObjectOfRun("stream_gap", run);
    const { latest } = await tenant.readEvents({ since: 0, limit: 1 });
    await completeTask(tenant, `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
    const text = async (since: number) =>
      (
        await call(`${runPath(run)}/events`, { headers: { ...user.headers, "last-event-id": String(since) } })
      ).text();
    expect(await text(1)).not.toContain("history.gap");
    await runInDurableObject(
      env.TENANT_WORKFLOWS.getByName("stream_gap"),
      (_, { storage }) => void storage.sql.exec("DELETE FROM event_blocks WHERE last_seq <= ?", latest),
    );
    const resumed = await text(1);
    expect(resumed).toContain(`event: history.gap\ndata: {"since":1,"oldest":${latest + 1},`);
    expect(resumed).toContain("event: execution.completed");
    expect(await text(latest)).not.toContain("history.gap");
  });

  it.each(["-1", "x", "1.5.2", "A.1"])("refuses Last-Event-ID %s", async (since) => {
    const user = await createUser("stream_id");
    const { id } = await makeInstance(user);
    const run = await startRun(user, id);
    const answer = await call(`${runPath(run)}/events`, {
      headers: { ...user.headers, "last-event-id": since },
    });
    expect(answer.status).toBe(400);
  });
});
