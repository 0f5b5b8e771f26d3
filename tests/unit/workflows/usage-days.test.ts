import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { RunHistory } from "#durable-objects/tenant-workflows/history/run-history.ts";
import { RunTotals } from "#durable-objects/tenant-workflows/history/run-totals.ts";
import { usageDimensions } from "#src/objects/usage-day.ts";
import { present } from "../../support/personas.ts";
import { firstDay, lastDay, recount, usageHistory } from "../../support/usage-histories.ts";

const object = env.TENANT_WORKFLOWS.getByName("usage_days");
const span = { since: firstDay, until: lastDay };

it("What a tenant and each of its users have used is what a recount finds, whatever comes twice or late", async () => {
  await runInDurableObject(object, (_, { storage }) =>
    fc.assert(
      fc.property(usageHistory, ({ runs, deliveries }) => {
        storage.sql.exec("DELETE FROM history");
        storage.sql.exec("DELETE FROM run_totals");
        const totals = new RunTotals(storage.sql);
        const history = new RunHistory(storage.sql, "usage_days", totals);
        for (const copy of deliveries.flat()) history.put(copy);
        const users = [null, ...new Set(runs.map(({ copy }) => copy.user_id))];
        for (const userId of users)
          for (const dimension of usageDimensions)
            expect(totals.usageOfDays({ userId, dimension, ...span })).toEqual(
              recount(
                runs.filter(({ copy }) => userId === null || copy.user_id === userId),
                dimension,
                ({ instance_id }) => instance_id,
              ),
            );
        expect(totals.ofTenant(0).runs).toBe(runs.length);
      }),
      { numRuns: 100 },
    ),
  );
});

it("The days of a user are forgotten after four hundred of them, those of the tenant are not", async () => {
  const { copy } = present(fc.sample(usageHistory, 100).flatMap(({ runs }) => runs)[0]);
  const on = (day: number) => ({
    ...copy,
    user_id: "ada",
    correlation_id: `run of ${day}`,
    created_at: day * 86_400_000,
    completed_at: day * 86_400_000,
  });
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec("DELETE FROM run_totals");
    const totals = new RunTotals(storage.sql);
    for (const day of [1000, 1001, 1401]) totals.add(on(day));
    const query = { dimension: "hour", since: 0, until: 2000 } as const;
    const daysOf = (userId: string | null) => totals.usageOfDays({ userId, ...query }).map(({ day }) => day);
    expect(daysOf("ada")).toEqual([1001, 1401]);
    expect(daysOf(null)).toEqual([1000, 1001, 1401]);
  });
});
