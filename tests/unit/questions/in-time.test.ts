import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { readPlan } from "#src/kernel/questions/check-plan.ts";
import { answerPlan } from "#src/questions/answer-plan.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser } from "../../support/users.ts";

/** The database of commerce, of which what a plan reads never comes. */
function endless(asked: () => void): D1Database {
  const never = () => {
    asked();
    return Promise.withResolvers<never>().promise;
  };
  const waiting = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => (name === "bind" ? () => waiting(target) : never),
    });
  return new Proxy(env.COMMERCE_DB, {
    get(target, name) {
      if (name === "prepare")
        return (sql: string) => {
          const statement = target.prepare(sql);
          return sql.startsWith("WITH told") ? waiting(statement) : statement;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

it("Reading is given up after five seconds, no sooner, and the answer says that it is not whole", async () => {
  const { actor } = await createUser("questions_endless", { role: "admin" });
  const read = readPlan({
    dataset: "orders",
    measures: ["count"],
    dimensions: ["status"],
    time: { last_days: 30 },
  });
  if (!read.ok) throw new Error("The plan is none");
  const begun = Promise.withResolvers<void>();
  const platform = testPlatform();
  const commerce = { ...platform.commerce, db: database(endless(begun.resolve)) };
  const answered = vi.fn();
  const answering = answerPlan({ ...platform, commerce }, actor, read.plan, true).finally(answered);
  await begun.promise;
  await vi.advanceTimersByTimeAsync(4999);
  expect(answered).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await answering).toMatchObject({ truncated: true, rows: [] });
});
