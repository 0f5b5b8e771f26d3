import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { conversationFigures } from "#src/analytics/conversations/conversation-figures.ts";
import type { Span } from "#src/analytics/figures/span.ts";
import { userFigures } from "#src/analytics/users/user-figures.ts";
import { database } from "#src/db/client.ts";
import { insertRows } from "#src/db/json-rows.ts";
import { rollupDays } from "#src/db/schema/index.ts";

const db = database(env.DB);
const until = 21_000;
const span: Span = { since: until - 30, until, granularity: "day", zone: "UTC", isByHour: false };

/** The database, and how many rows its batches have read. */
function counted() {
  const read = { rows: 0 };
  const binding = new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch")
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          read.rows += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
          return results;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { db: database(binding), read };
}

/** What so many events a day come to, over two years. */
async function seed(clientId: string, events: number): Promise<void> {
  const parts: [string, string, string][] = [
    ["conversations.started", "", ""],
    ["messages.sent", "", ""],
    ["messages.sent", "tier", "free"],
    ["conversations.time_to_end", "length", "70"],
    ["messages.sent", "persona", "one"],
    ["satisfaction.given", "score", "5"],
    ["persons.day", "", ""],
  ];
  const rows = Array.from({ length: 700 }, (_, before) => before).flatMap((before) =>
    parts.map(([metric, dimension, name]) => ({
      ...{ client_id: clientId, metric, dimension, name, day: until - 1 - before, n: events, sum: events },
    })),
  );
  for (const insert of insertRows(db, rollupDays, rows)) await insert;
}

it("Figures of 30 days over ten million events read as many rows as those over a thousand", async () => {
  const rows: number[] = [];
  for (const [clientId, events] of [
    ["few_events", 5],
    ["many_events", 48_000],
  ] as const) {
    await seed(clientId, events);
    const { db, read } = counted();
    const whose = { clientId, dimension: "", name: "" };
    const figures = await userFigures(db, whose, span);
    await conversationFigures(db, clientId, span);
    expect(figures.rows.filter(({ metric }) => metric === "messages.sent")).toHaveLength(30);
    rows.push(read.rows);
  }
  const [few = 0, many = 0] = rows;
  expect(few).toBeGreaterThan(200);
  expect(many).toBe(few);
  // Of 700 days that there are it looks at these, and at those of their weeks and months: none of the others.
  expect(many).toBeLessThan(900);
});
