import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { datasetNames, datasetOf } from "#src/kernel/questions/vocabulary.ts";
import { answerPlan } from "#src/questions/answer-plan.ts";
import { naiveRows } from "../../support/naive-figures.ts";
import { planAbout } from "../../support/plans-of-questions.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import { now, type RandomShop, randomShop } from "../../support/random-shop.ts";
import { createUser, type TestUser } from "../../support/users.ts";

let shop: RandomShop;
let admin: TestUser;
beforeAll(async () => {
  admin = await createUser("questions_random", { role: "admin" });
  shop = await randomShop("questions_random", 20_261_128);
  await createUser("questions_others");
  await randomShop("questions_others", 7);
});

const clock = { now: () => now };

describe("Plans about", () => {
  it.each(datasetNames.filter((name) => name !== "usage"))(
    "%s are answered as looking at each row does",
    async (dataset) => {
      let told = 0;
      await fc.assert(
        fc.asyncProperty(planAbout(dataset), async (plan) => {
          const { rows, currency, truncated } = await answerPlan(
            testPlatform({ clock }),
            admin.actor,
            plan,
            true,
          );
          const all = naiveRows(shop, { ...plan, limit: undefined }, currency);
          expect(rows).toEqual(all.slice(0, plan.limit ?? 100));
          expect(truncated).toBe(false);
          told += rows.length;
        }),
        { numRuns: 60 },
      );
      // Else there was nothing to compare.
      expect(told).toBeGreaterThan(10);
    },
  );

  it("whatever they say, it is one statement with its values as parameters", async () => {
    const dangerous = `'; DROP TABLE orders; -- %_"`;
    await fc.assert(
      fc.asyncProperty(planAbout("orders"), async (plan) => {
        const asked = async (value: string) => {
          const recorded = recordedDatabase(env.COMMERCE_DB);
          const platform = testPlatform({ clock });
          const commerce = { ...platform.commerce, db: database(recorded.database) };
          const filters = [...plan.filters.slice(0, 2), { field: "currency", op: "eq" as const, value }];
          await answerPlan({ ...platform, commerce }, admin.actor, { ...plan, filters }, true);
          return recorded.queries.filter(({ sql }) => sql.startsWith("WITH told"));
        };
        const [[query], [other]] = [await asked(dangerous), await asked("EUR")];
        expect(query?.sql).toBe(other?.sql);
        expect(query?.parameters.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 20 },
    );
  });

  it("every measure by every field of every data set", async () => {
    for (const dataset of datasetNames) {
      const { measures, fields } = datasetOf(dataset);
      const told = Object.entries(fields).flatMap(([name, { filterOnly }]) => (filterOnly ? [] : name));
      for (const dimension of told)
        for (const measure of Object.keys(measures)) {
          const plan = {
            dataset,
            measures: [measure],
            dimensions: [dimension],
            filters: [],
            time: { last_days: 400 },
          };
          const { columns } = await answerPlan(testPlatform({ clock }), admin.actor, plan, true);
          expect(columns.map(({ name }) => name)).toEqual([dimension, measure]);
        }
    }
  });
});
