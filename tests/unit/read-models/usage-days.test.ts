import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { kindOfAttempts } from "#src/engine/attempt-usage.ts";
import { noFigures, plusFigures, type UsageFigures } from "#src/engine/usage-figures.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import {
  maxNames,
  plusEntries,
  type UsageOfDay,
  usageDimensions,
  usageEntriesOf,
} from "#src/objects/usage-day.ts";
import { totalsOfAll } from "#src/read-models/platform-totals-repository.ts";
import { usageOfAll } from "#src/read-models/usage-day-repository.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { present } from "../../support/personas.ts";
import { type EndedRun, firstDay, lastDay, recount, usageHistory } from "../../support/usage-histories.ts";

const db = database(env.DB);
const span = { since: firstDay, until: lastDay };

const clear = () =>
  env.DB.batch([
    env.DB.prepare("DELETE FROM runs WHERE client_id = 'usage_histories'"),
    env.DB.prepare("DELETE FROM usage_days WHERE day >= ?").bind(firstDay),
    env.DB.prepare("DELETE FROM platform_totals"),
  ]);
afterEach(clear);

it("What all tenants have used is what a recount finds, whatever is delivered twice, late or out of order", async () => {
  await fc.assert(
    fc.asyncProperty(usageHistory, async ({ runs, deliveries }) => {
      await clear();
      for (const messages of deliveries) await writeMessages(db, messages);
      for (const dimension of usageDimensions)
        expect(await usageOfAll(db, { dimension, ...span })).toEqual(
          recount(runs, dimension, ({ template_id }) => template_id),
        );
      const [totals] = await totalsOfAll(db);
      expect(totals?.usage).toEqual(runs.length === 0 ? undefined : inAll(runs));
      const latest = runs.map(({ copy }) => copy.completed_at).sort((a, b) => Number(b) - Number(a));
      expect(totals?.recent.map(({ at }) => at) ?? []).toEqual(latest.slice(0, 20));
    }),
    { numRuns: 60 },
  );
});

/** What executions come to, by agent type and in all. */
function inAll(runs: readonly EndedRun[]): Record<string, UsageFigures> {
  const totals = new Map<string, UsageFigures>();
  const add = (key: string, names: UsageOfDay["names"]) => {
    for (const [name, figures] of Object.entries(names))
      totals.set(`${key}${name}`, plusFigures(totals.get(`${key}${name}`) ?? noFigures, figures));
  };
  for (const { names } of recount(runs, "agent", () => null)) add("agent:", names);
  for (const { names } of recount(runs, "hour", () => null))
    add("all", { "": Object.values(names).reduce(plusFigures, noFigures) });
  return Object.fromEntries(totals);
}

const endedRun = (): EndedRun =>
  present(
    fc
      .sample(usageHistory, 100)
      .flatMap(({ runs }) => runs)
      .at(0),
  );

const withSteps = (names: readonly string[]): RunCopy => {
  const { copy } = endedRun();
  const figures = { ...noFigures, count: 1, fuel: 2 };
  const kinds = names.map((step) => kindOfAttempts({ step, agentType: "writer", model: null }));
  return {
    ...copy,
    completed_at: firstDay * 86_400_000,
    used: Object.fromEntries(kinds.map((kind) => [kind, figures])),
  };
};

it("A day tells a hundred names apart, those that came first; what has others counts as the rest", async () => {
  const namesFrom = (from: number, many: number) =>
    Array.from({ length: many }, (_, index) => `step ${String(from + index).padStart(3, "0")}`);
  const copies = [namesFrom(500, 90), namesFrom(0, 60), namesFrom(30, 90)].map(withSteps);
  let day = {};
  for (const copy of copies) {
    await writeMessages(db, [copy]);
    day = plusEntries(day, usageEntriesOf(copy, copy.template_id));
  }
  const row = await env.DB.prepare("SELECT usage FROM usage_days WHERE day = ?").bind(firstDay).first();
  expect(JSON.parse(String(row?.usage))).toEqual(day);
  const days = await usageOfAll(db, { dimension: "step", ...span });
  const { "": rest, ...told } = present(days[0]).names;
  expect(Object.keys(told)).toHaveLength(maxNames);
  expect(Object.keys(told)).toEqual(expect.arrayContaining(namesFrom(500, 90)));
  expect(rest?.count).toBe(90 + 60 + 90 - Object.values(told).reduce((sum, { count }) => sum + count, 0));
  expect(rest?.fuel).toBe(2 * (rest?.count ?? 0));
});
