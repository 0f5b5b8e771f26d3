import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { allowAnalytics } from "#src/analytics/counting/consent-repository.ts";
import { countEvents, type TenantEvent } from "#src/analytics/counting/count-events.ts";
import { sketchActivePersons } from "#src/analytics/keeping/sketch-active-persons.ts";
import { database } from "#src/db/client.ts";
import { dayMs, isoTime } from "#src/kernel/clock.ts";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { connect } from "../../support/sockets.ts";
import { createUser, createUserWithSession, type TestUser } from "../../support/users.ts";

const clientId = "analytics_api";
const db = database(env.DB);
const now = Date.now();
const dateOf = (at: number) => isoTime(at).slice(0, 10);

let staff: TestUser;
let colleague: TestUser;
let operator: TestUser;

const event = (id: string, given: Partial<TenantEvent>): TenantEvent => ({
  ...{ id: `${clientId} ${id}`, clientId, at: now, metric: "messages.sent", by: {}, value: 1 },
  ...{ person: null, account: null },
  ...given,
});

beforeAll(async () => {
  staff = await createUser(clientId, { role: "moderator", tier: "free" });
  colleague = await createUser("analytics_other", { role: "moderator" });
  operator = await createUser("operator", { role: "admin" });
  const persons = Array.from({ length: 40 }, (_, index) => `person ${index}`);
  for (const person of persons) await db.batch(allowAnalytics(db, { clientId, person }));
  const persona = staff.actor.userId;
  await countEvents(
    db,
    [
      event("c1", { metric: "conversations.started", by: { kind: "user", persona, country: "DE" } }),
      event("c2", { metric: "conversations.started", by: { kind: "visitor", persona, country: "FR" } }),
      event("e1", { metric: "conversations.ended", by: { role: "assistant", persona } }),
      event("t1", { metric: "conversations.time_to_end", value: 60_000, by: { persona } }),
      event("t2", { metric: "conversations.time_to_end", value: 90_000, by: { persona } }),
      event("s1", { metric: "satisfaction.given", value: 5, by: { score: "5" } }),
      event("s2", { metric: "satisfaction.given", value: 2, by: { score: "2" } }),
      event("d1", { metric: "turns.first_delta", value: 200, by: { persona } }),
      event("d2", { metric: "turns.first_delta", value: 900, by: { persona } }),
      event("f1", { metric: "feedback.given", by: { opinion: "up" } }),
      event("m1", { by: { role: "user", persona }, account: staff.actor.userId }),
      ...persons.map((person, index) =>
        event(`p${index}`, { person, at: now - (index % 3) * dayMs, by: { role: "user", persona } }),
      ),
    ],
    now,
  );
  await sketchActivePersons(db);
});

const get = <T>(path: string, user = staff): Promise<T> =>
  call(`/api/v1/admin/analytics/${path}`, { headers: user.headers }).then((answer) => bodyOf<T>(answer, 200));
const statusOf = async (path: string, user = staff): Promise<number> =>
  (await call(`/api/v1/admin/analytics/${path}`, { headers: user.headers })).status;

interface Users {
  totals: Record<string, number> & { active: Record<string, number | string> };
  series: { at: string; messages_sent: number; active_users: number | null }[];
  by_tier: Record<string, unknown>[];
  by_country: Record<string, unknown>[];
  top_personas: Record<string, unknown>[];
}

describe("Figures of people", () => {
  it("tell what was counted: totals, a point for each day, parts, and distinct persons", async () => {
    const { totals, series, by_tier, by_country, top_personas } = await get<Users>("users");
    expect(totals).toMatchObject({
      ...{ total_users: 1, new_users: 1, visitors: 1, conversations_started: 2, messages_sent: 41 },
      messages_per_conversation: 20.5,
      satisfaction: { average: 3.5, count: 2, distribution: { 1: 0, 2: 1, 5: 1 } },
      feedback: { up: 1, down: 0 },
    });
    expect(totals.active).toMatchObject({ day: 14, method: "sketch" });
    expect(Math.abs(Number(totals.active.period) - 40)).toBeLessThanOrEqual(1);
    expect(series).toHaveLength(30);
    expect(series.at(-1)).toMatchObject({
      at: `${dateOf(now)}T00:00:00.000Z`,
      messages_sent: 15,
      active_users: 14,
    });
    expect(series[0]).toMatchObject({ messages_sent: 0, active_users: 0 });
    expect(by_tier).toContainEqual({ name: "free", users: 1, conversations_started: 0, messages_sent: 1 });
    expect(by_country).toHaveLength(2);
    expect(top_personas).toEqual([{ instance_id: staff.actor.userId, name: null, messages_sent: 41 }]);
  });

  it("add up the same by day, by hour, by week and by month", async () => {
    const sums = await Promise.all(
      ["day", "hour", "week", "month"].map(async (granularity) =>
        (await get<Users>(`users?granularity=${granularity}`)).series.reduce(
          (sum, point) => sum + point.messages_sent,
          0,
        ),
      ),
    );
    expect(sums).toEqual([41, 41, 41, 41]);
  });

  it("are exact of one day, and say so", async () => {
    const { totals } = await get<Users>(
      `users?startDate=${dateOf(now - dayMs)}&endDate=${dateOf(now - dayMs)}`,
    );
    expect(totals.active).toMatchObject({ day: 13, period: 13, method: "exact" });
  });

  it("are narrowed to a persona, or a tier, and not to both", async () => {
    const id = staff.actor.userId;
    expect((await get<Users>(`users?instance_id=${id}`)).totals.conversations_started).toBe(2);
    expect((await get<Users>("users?tier=free")).totals.messages_sent).toBe(1);
    expect(await statusOf(`users?tier=free&instance_id=${id}`)).toBe(400);
  });

  it("are told by days of a time zone", async () => {
    const { series } = await get<Users>("users?time_zone=Pacific/Kiritimati");
    expect(series.reduce((sum, { messages_sent }) => sum + messages_sent, 0)).toBeGreaterThan(0);
    expect(series.at(-1)?.active_users).toBeNull();
  });
});

it("Figures of conversations tell lengths to within 5 %, and how they ended", async () => {
  const told = await get<Record<string, Record<string, number | null>>>("conversations");
  expect(told.totals).toMatchObject({ started: 2, ended: 1, resolved_by_persona: 1 });
  expect(Math.abs(Number(told.time_to_end?.p50_ms) - 60_000)).toBeLessThanOrEqual(3000);
  expect(Math.abs(Number(told.time_to_end?.p95_ms) - 90_000)).toBeLessThanOrEqual(4500);
  expect(told.time_to_take).toEqual({ count: 0, p50_ms: null, p95_ms: null });
});

it("Cohorts are told with those that are empty, the oldest first", async () => {
  const { cohorts } = await get<{ cohorts: { persons: number; later: { share: number }[] }[] }>("retention");
  expect(cohorts).toHaveLength(13);
  expect(cohorts.at(0)?.later).toHaveLength(13);
  const [size] = [cohorts.at(-1)?.persons ?? 0];
  expect(size).toBeGreaterThan(0);
  expect(cohorts.at(-1)?.later).toEqual([{ later: 0, persons: size, share: 1 }]);
});

it("The system tells a tenant what it uses, and the operator's administrators how the platform does as well", async () => {
  const own = await get("system");
  expect(own).toMatchObject({ platform: null, usage: { executions: 0 }, turns: {}, late_events: 0 });
  const all = await get<{ platform: { queues: { queue: string }[] } }>("system", operator);
  expect(all.platform.queues.map(({ queue }) => queue)).toContain("platform-events");
  expect(all).toMatchObject({ open_sockets: null });
});

it("The system tells how soon turns have their first text, to within 5 %, and how many sockets are open", async () => {
  interface System {
    open_sockets: number;
    running: number;
    first_delta: { count: number; p50_ms: number; p95_ms: number };
  }
  const before = await get<System>("system");
  expect(before).toMatchObject({ open_sockets: 0, running: 0, first_delta: { count: 2 } });
  expect(Math.abs(before.first_delta.p50_ms - 200)).toBeLessThanOrEqual(10);
  expect(Math.abs(before.first_delta.p95_ms - 900)).toBeLessThanOrEqual(45);
  const { socket, next } = await connect(await createUserWithSession(clientId));
  await connect(await createUserWithSession("analytics_other"));
  await next(({ event }) => event === "connection.established");
  expect((await get<System>("system")).open_sockets).toBe(1);
  socket.close();
  await expect.poll(async () => (await get<System>("system")).open_sockets).toBe(0);
});

describe("Staff sees its tenant, the operator's administrators any or all:", () => {
  it("another tenant's figures are zeros, or not there", async () => {
    expect((await get<Users>("users", colleague)).totals).toMatchObject({ messages_sent: 0 });
    expect(await statusOf(`users?client_id=${clientId}`, colleague)).toBe(404);
    expect((await get<Users>(`users?client_id=${clientId}`, operator)).totals.messages_sent).toBe(41);
    expect((await get<Users>("users", operator)).totals.messages_sent).toBeGreaterThanOrEqual(41);
  });

  it("others see nothing", async () => {
    const somebody = await createUser(clientId);
    for (const path of ["users", "conversations", "retention", "recommendations", "system", "funnels"])
      expect(await statusOf(path, somebody)).toBe(403);
  });
});

/** Every figure that is asked for by dates. */
const dated = ["users", "conversations", "recommendations", "system", "funnels/{id}/result"];
const addressOf = async (path: string): Promise<string> => {
  if (!path.includes("{id}")) return path;
  const steps = [{ event: "conversations.started" }, { event: "messages.sent" }];
  const made = await send(
    "POST",
    "/api/v1/admin/analytics/funnels",
    { name: crypto.randomUUID(), steps },
    staff.headers,
  );
  return path.replace("{id}", (await bodyOf<{ id: string }>(made, 201)).id);
};

it("Every route of figures is asked for by dates, but for that of cohorts, which begin where they do", async () => {
  interface Documented {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
  }
  const { paths } = await (await call("/openapi.json")).json<Documented>();
  const documented = Object.entries(paths).flatMap(([path, { get: reading }]) =>
    path.startsWith("/api/v1/admin/analytics/") &&
    reading?.parameters?.some(({ name }) => name === "start_date" || name === "startDate")
      ? path.slice("/api/v1/admin/analytics/".length).replace("{funnel_id}", "{id}")
      : [],
  );
  expect(documented.toSorted()).toEqual(dated.toSorted());
  for (const path of ["retention", "funnels"])
    expect(await statusOf(`${path}?startDate=2026-01-01`)).toBe(400);
});

it.each(dated)("Dates of %s are spelt in both ways, and are the same", async (given) => {
  const path = await addressOf(given);
  const days = [dateOf(now - 3 * dayMs), dateOf(now - dayMs)];
  const told = (start: string, end: string) =>
    get<{ period: object }>(`${path}?${start}=${days[0]}&${end}=${days[1]}`);
  const { period } = await told("startDate", "endDate");
  expect(period).toEqual((await told("start_date", "end_date")).period);
  expect(period).toMatchObject({ start_date: days[0], end_date: days[1] });
});

it.each(
  dated.flatMap((path) =>
    ["start", "end"].flatMap((which) => [
      [path, `${which}_date=2026-02-30`],
      [path, `${which}Date=2026-02-30`],
      [path, `${which}Date=2026-2-1`],
      [path, `${which}Date=`],
      [path, `${which}_date=2026-02-01&${which}_date=2026-02-02`],
    ]),
  ),
)("Of %s a date that is none is refused: %s", async (path, query) => {
  expect(await statusOf(`${path.replace("{id}", crypto.randomUUID())}?${query}`)).toBe(400);
});

it.each([
  "start_date=yesterday",
  "end_date=2026-02-30",
  "start_date=2026-03-01&end_date=2026-02-01",
  "start_date=2025-01-01&end_date=2026-03-01",
  "startDate=2024-01-01&endDate=2024-01-02&granularity=hour",
  "granularity=year",
  "time_zone=Middle/Nowhere",
])("%s is refused", async (query) => {
  expect(await statusOf(`users?${query}`)).toBe(400);
});

it("The same comes as CSV to who accepts that", async () => {
  const answer = await call("/api/v1/admin/analytics/users", {
    headers: { ...staff.headers, accept: "text/csv" },
  });
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const lines = (await answer.text()).split("\r\n");
  expect(lines[0]).toBe("part,of,figure,value");
  expect(lines).toContain("totals,,messages_sent,41");
  expect(lines).toContain("totals,active,day,14");
});
