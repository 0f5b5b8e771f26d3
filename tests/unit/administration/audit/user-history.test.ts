import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { ask, moderatorOf, operator, path, registered, signIn } from "../accounts.ts";

const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

interface Audit {
  logs: { action: string; created_at: string }[];
  count: number;
  next_cursor: string | null;
  period: { start_date: string; end_date: string };
}
interface Activity {
  activities: { action: string }[];
  count: number;
}

const audit = async (id: string, query: Record<string, string> = {}) =>
  bodyOf<Audit>(await ask(await operator(), "GET", `/${id}/audit?${new URLSearchParams(query)}`), 200);
const activity = async (id: string, query = "") =>
  bodyOf<Activity>(await ask(await operator(), "GET", `/${id}/activity?${query}`), 200);
const actions = (entries: { action: string }[]) => entries.map(({ action }) => action);

/** An audit row from another time; the log takes no changes. */
const remember = (id: string, action: string, at: number) =>
  env.DB.prepare("INSERT INTO audit_log VALUES (?, ?, ?, 'user', ?, 'history', '{}', '', '', ?)")
    .bind(crypto.randomUUID(), id, action, id, at)
    .run();

describe.each(["audit", "activity"])("GET …/%s", (below) => {
  it("is for administrators and moderators", async () => {
    const { id } = await registered(`history_${below}`);
    expect((await call(`${path}/${id}/${below}`)).status).toBe(401);
    expect((await ask(await operator("user"), "GET", `/${id}/${below}`)).status).toBe(403);
    expect((await ask(await moderatorOf(`history_${below}`), "GET", `/${id}/${below}`)).status).toBe(200);
  });

  it("knows no unknown account, but deleted ones", async () => {
    const [admin, { id }] = [await operator(), await registered(`history_gone_${below}`)];
    expect((await ask(admin, "GET", `/${nobody}/${below}`)).status).toBe(404);
    await ask(admin, "DELETE", `/${id}`);
    expect((await ask(admin, "GET", `/${id}/${below}`)).status).toBe(200);
  });
});

describe("The audit of an account", () => {
  it("has what it did and what was done to it, the latest first", async () => {
    const [admin, target] = [await operator(), await registered("audit_both")];
    await ask(admin, "PUT", `/${target.id}`, { email_verified: true });
    await signIn(target.email);
    const { logs, count } = await audit(target.id);
    expect(actions(logs)).toEqual(["session.opened", "user.updated", "session.opened", "user.registered"]);
    expect(count).toBe(4);
  });

  it("goes back a month unless asked to go further, and says so", async () => {
    const { id } = await registered("audit_month");
    const day = 86_400_000;
    await remember(id, "long.ago", Date.now() - 31 * day);
    await remember(id, "lately", Date.now() - 29 * day);
    const { logs, period } = await audit(id);
    expect(actions(logs)).toEqual(["session.opened", "user.registered", "lately"]);
    expect(Date.parse(period.end_date) - Date.parse(period.start_date)).toBe(30 * day);
    const start_date = new Date(Date.now() - 40 * day).toISOString();
    expect(actions((await audit(id, { start_date })).logs)).toContain("long.ago");
  });

  it("takes a period with offsets; its end is not in it", async () => {
    const { id } = await registered("audit_period");
    const at = Date.parse("2020-05-01T12:00:00Z");
    await remember(id, "first", at);
    await remember(id, "second", at + 1000);
    const period = { start_date: "2020-05-01T14:00:00+02:00", end_date: "2020-05-01T12:00:01Z" };
    const found = await audit(id, period);
    expect(actions(found.logs)).toEqual(["first"]);
    expect(found.period.start_date).toBe("2020-05-01T12:00:00.000Z");
  });

  it("takes a period that ended before there was anything", async () => {
    const { id } = await registered("audit_ancient");
    const found = await audit(id, { end_date: "0000-01-01T00:00:00+14:00" });
    expect(found).toMatchObject({ logs: [], count: 0, period: { start_date: "1970-01-01T00:00:00.000Z" } });
  });

  it("takes dates, and a date as its end includes the day", async () => {
    const { id } = await registered("audit_dates");
    await remember(id, "before", Date.parse("2020-04-30T23:59:59.999Z"));
    await remember(id, "first", Date.parse("2020-05-01T00:00:00Z"));
    await remember(id, "last", Date.parse("2020-05-02T23:59:59.999Z"));
    await remember(id, "behind", Date.parse("2020-05-03T00:00:00Z"));
    const found = await audit(id, { start_date: "2020-05-01", end_date: "2020-05-02" });
    expect(actions(found.logs)).toEqual(["last", "first"]);
    expect(found.period).toMatchObject({
      start: "2020-05-01T00:00:00.000Z",
      end: "2020-05-03T00:00:00.000Z",
    });
  });

  it("comes in pages", async () => {
    const { id } = await registered("audit_pages");
    for (const action of ["one", "two", "three"]) await remember(id, action, 1000);
    const period = { end_date: "1970-01-01", limit: "2" };
    const first = await audit(id, period);
    const rest = await audit(id, { ...period, cursor: String(first.next_cursor) });
    expect(new Set([...actions(first.logs), ...actions(rest.logs)])).toEqual(
      new Set(["one", "two", "three"]),
    );
    expect(rest.next_cursor).toBeNull();
  });

  it("is limited", async () => {
    const { id } = await registered("audit_limit");
    expect(actions((await audit(id, { limit: "1" })).logs)).toEqual(["session.opened"]);
  });

  it.each([
    "limit=0",
    "limit=101",
    "start_date=yesterday",
    "end_date=2020-05-32",
    "start_date=2020-05-02T00:00:00Z&end_date=2020-05-01T00:00:00Z",
  ])("refuses %s", async (query) => {
    const { id } = await registered("audit_refused");
    expect((await ask(await operator(), "GET", `/${id}/audit?${query}`)).status).toBe(400);
  });
});

describe("The activity of an account", () => {
  it("has what it did only, page by page", async () => {
    const [admin, target] = [await operator(), await registered("activity_own")];
    await ask(admin, "PUT", `/${target.id}`, { email_verified: true });
    await signIn(target.email);
    expect(actions((await activity(target.id)).activities)).toEqual([
      "session.opened",
      "session.opened",
      "user.registered",
    ]);
    expect(actions((await activity(target.id, "limit=1&offset=2")).activities)).toEqual(["user.registered"]);
    expect(await activity(target.id, "offset=3")).toMatchObject({ activities: [], count: 0 });
  });

  it.each(["limit=0", "limit=101", "offset=-1"])("refuses %s", async (query) => {
    const { id } = await registered("activity_refused");
    expect((await ask(await operator(), "GET", `/${id}/activity?${query}`)).status).toBe(400);
  });
});
