import { z } from "zod";
import { dataOf } from "#client/index.ts";
import type { Extent } from "./extent.ts";
import { besideEachOther, timed, warm } from "./load.ts";
import { textSteps } from "./plans.ts";
import type { BenchPlatform } from "./platform.ts";
import { atMost, type Finding, milliseconds, within } from "./report.ts";
import type { BenchSession } from "./session.ts";

const days = 700;
/** What is told of a day: figures, and what they are told by. */
const parts = [
  ["conversations.started", "", ""],
  ["messages.sent", "", ""],
  ["messages.sent", "tier", "free"],
  ["messages.sent", "country", "AT"],
  ["messages.sent", "persona", "one"],
  ["conversations.time_to_end", "length", "70"],
  ["satisfaction.given", "score", "5"],
  ["persons.day", "", ""],
] as const;

/** What so many events have come to over two years, as counting leaves it. */
async function seed(platform: BenchPlatform, clientId: string, events: number): Promise<void> {
  const today = Math.floor(Date.now() / 86_400_000);
  const each = Math.max(1, Math.round(events / days));
  const rows = Array.from({ length: days }, (_, before) =>
    parts.map(([metric, dimension, name]) => [clientId, metric, dimension, name, today - before, each]),
  ).flat();
  const database = await platform.database();
  await database
    .prepare(
      `INSERT INTO rollup_days (client_id, metric, dimension, name, day, n, sum)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 5
       FROM json_each(?)`,
    )
    .bind(JSON.stringify(rows))
    .run();
}

const totalsSchema = z.object({ totals: z.object({ conversations_started: z.number() }) });

/** How long it takes from a conversation's beginning until the figures know of it. */
function visible({ url }: BenchPlatform, { api, authorization, clientId }: BenchSession, instanceId: string) {
  const started = async (): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/admin/analytics/users?client_id=${clientId}`, {
      headers: { authorization },
    });
    return totalsSchema.parse(await answer.json()).totals.conversations_started;
  };
  return async (): Promise<void> => {
    const before = await started();
    dataOf(await api.POST("/api/v1/conversations", { body: { instance_id: instanceId } }));
    while ((await started()) <= before) await new Promise((resolve) => setTimeout(resolve, 20));
  };
}

/** Whether figures cost the same however much has happened, and how soon they know of what happens. */
export async function benchAnalytics(
  platform: BenchPlatform,
  session: BenchSession,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const { api, instanceOf, reading } = session;
  const figuresOf = async (client_id: string, events: number) => {
    await api.POST("/api/v1/admin/clients", { body: { client_id, display_name: client_id } });
    await seed(platform, client_id, events);
    return reading(`/api/v1/admin/analytics/users?client_id=${client_id}`);
  };
  const ofFew = await figuresOf("bench_few", 1000);
  const ofMany = await figuresOf("bench_many", 10_000_000);
  await warm(ofFew, ofMany);
  const [few, many] = await besideEachOther(ofFew, ofMany, { count: rounds, turns });
  const { id } = await instanceOf("Counted", textSteps(1));
  const seen = await timed(visible(platform, session, id), { count: Math.min(rounds, 10) });
  return [
    atMost(1.5, {
      what: "analytics of 30 days over 10 000 000 events (median)",
      measured: milliseconds(many.median),
      baseline: `${milliseconds(few.median)} over 1 000`,
      ratio: many.median / few.median,
    }),
    within(10_000, "a conversation begins, until analytics know of it (95 of 100)", seen.p95, milliseconds),
  ];
}
