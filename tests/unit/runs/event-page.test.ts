import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, get, makeInstance, startRun } from "../../support/personas.ts";
import { usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { runPath } from "./paths.ts";

interface Page {
  events: { id: string; event: string; timestamp: string; data: { correlation_id: string } }[];
  count: number;
  after: string;
  gap: { since: number; oldest: number; latest: number } | null;
}

const page = async (user: TestUser, run: string, query = ""): Promise<Page> =>
  bodyOf(await get(`${runPath(run)}/events?format=json${query}`, user), 200);

/** A run that has ended. */
async function endedRun(clientId: string) {
  const user = await createUser(clientId);
  const { id } = await makeInstance(user);
  const run = await startRun(user, id);
  await completeTask(tenantObject(clientId), `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
  return { user, run };
}

describe("The events of a run as pages", () => {
  it("are all that is kept, in order, at once", async () => {
    const { user, run } = await endedRun("event_pages");
    const whole = await page(user, run);
    expect(whole.gap).toBeNull();
    const names = whole.events.map(({ event }) => event);
    expect(names[0]).toBe("execution.started");
    expect(names.at(-1)).toBe("execution.completed");
    expect(new Set(whole.events.map(({ data }) => data.correlation_id))).toEqual(new Set([run]));
    const told: string[] = [];
    for (let after = ""; ; ) {
      const part = await page(user, run, `&limit=2${after && `&after=${after}`}`);
      if (part.count === 0) break;
      told.push(...part.events.map(({ id }) => id));
      expect(part.after).toBe(told.at(-1));
      after = part.after;
    }
    expect(told).toEqual(whole.events.map(({ id }) => id));
  });

  it("say what is no longer kept", async () => {
    const user = await createUser("event_page_gap");
    const { id } = await makeInstance(user);
    const run = await startRun(user, id);
    const tenant = tenantObject("event_page_gap");
    const { latest } = await tenant.readEvents({ since: 0, limit: 1 });
    await completeTask(tenant, `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
    await runInDurableObject(
      env.TENANT_WORKFLOWS.getByName("event_page_gap"),
      (_, { storage }) => void storage.sql.exec("DELETE FROM event_blocks WHERE last_seq <= ?", latest),
    );
    const behind = await page(user, run, "&after=1");
    expect(behind.gap).toMatchObject({ since: 1, oldest: latest + 1 });
    expect(behind.events.at(-1)?.event).toBe("execution.completed");
    expect((await page(user, run, `&after=${behind.after}`)).gap).toBeNull();
  });

  it("are refused for places that are none, and other formats", async () => {
    const { user, run } = await endedRun("event_page_refused");
    for (const query of ["format=json&after=x", "format=json&limit=0", "format=json&limit=201", "format=xml"])
      expect((await get(`${runPath(run)}/events?${query}`, user)).status, query).toBe(400);
  });
});
