import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { configurationKeys, defaultConfiguration } from "#src/configuration/configuration.ts";
import { api, call, send } from "../../../support/api.ts";
import { configure, configureNothing } from "../../../support/configuration.ts";
import { testSettings } from "../../../support/settings.ts";
import { createUser } from "../../../support/users.ts";

const path = "/api/v1/admin/system/config";
const operator = await createUser("operator", { role: "admin" });
const read = async () => {
  const { data } = await api(operator.token).GET(path);
  if (!data) throw new Error("No configuration");
  return data;
};
const put = (body: unknown) => send("PUT", path, body, operator.headers);

interface AuditRow {
  action: string;
  details: string;
  actor_id: string;
}
const auditRows = async () => {
  const query = "SELECT * FROM audit_log WHERE target_type = 'config' ORDER BY id";
  return (await env.DB.prepare(query).all<AuditRow>()).results;
};

afterEach(configureNothing);

describe("GET /admin/system/config", () => {
  it("says what holds, and of each key what it means, its default and who set it when", async () => {
    const before = await read();
    expect(before.config).toEqual(defaultConfiguration);
    expect(before.keys.map(({ key }) => key)).toEqual(configurationKeys);
    await put({ config: { log_level: "debug" } });
    const { version, config, keys } = await read();
    expect(version).toBe(before.version + 1);
    expect(config).toEqual({ ...defaultConfiguration, log_level: "debug" });
    expect(keys.find(({ key }) => key === "log_level")).toEqual({
      key: "log_level",
      meaning: expect.stringContaining("Least severe level"),
      default: null,
      is_default: false,
      version,
      updated_at: expect.any(String),
      updated_by: operator.actor.userId,
    });
  });

  it("shows settings of the deployment, and no secret nor address among them", async () => {
    const { settings } = await read();
    expect(settings).toContainEqual({
      name: "ALLOWED_ORIGINS",
      value: ["http://allowed.test"],
      meaning: expect.any(String),
    });
    const text = JSON.stringify(settings);
    for (const secret of [testSettings.JWT_SECRET_KEY, testSettings.INTERNAL_TOKEN])
      expect(text).not.toContain(secret);
    expect(settings.map(({ name }) => name).filter((name) => /KEY|SECRET|URL|TOKEN$/.test(name))).toEqual([]);
  });
});

describe("PUT /admin/system/config", () => {
  it("sets the keys that it names, and leaves the others", async () => {
    await configure({ registration_open: false, fuel_budgets: { free: 50 } });
    const { config } = await configure({ fuel_budgets: { basic: 400 } });
    expect(config).toEqual({
      ...defaultConfiguration,
      registration_open: false,
      fuel_budgets: { basic: 400 },
    });
  });

  it("leaves a row in the audit log: who, from what, to what", async () => {
    const before = await auditRows();
    const { version } = await configure({ log_level: "info", registration_open: false });
    const [row, ...others] = (await auditRows()).slice(before.length);
    expect(others).toEqual([]);
    expect(row?.action).toBe("config.updated");
    expect(JSON.parse(row?.details ?? "")).toEqual({
      version,
      before: { log_level: null, registration_open: true },
      after: { log_level: "info", registration_open: false },
    });
  });

  it("that says what holds already changes nothing and leaves no row", async () => {
    const { version } = await configure({ log_level: "info" });
    const before = await auditRows();
    expect((await configure({ log_level: "info" })).version).toBe(version);
    expect(await auditRows()).toEqual(before);
  });

  it("from a version that is not the latest is refused and says which that is", async () => {
    const { version } = await configure({ log_level: "info" });
    await configure({ log_level: "warn" }, version);
    const late = await put({ version, config: { log_level: "error" } });
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ error: "CONFLICT", details: { latest_version: version + 1 } });
    expect((await read()).config.log_level).toBe("warn");
  });

  it("of several at once from one version is done once, with one row", async () => {
    const { version } = await read();
    const before = await auditRows();
    const levels = ["debug", "info", "warn", "error"];
    const answers = await Promise.all(levels.map((log_level) => put({ version, config: { log_level } })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    await Promise.all(answers.map(({ body }) => body?.cancel()));
    expect((await auditRows()).length).toBe(before.length + 1);
    expect((await read()).version).toBe(version + 1);
  });

  it("of several at once without a version is done each, one after the other", async () => {
    const { version } = await read();
    const [one, other] = await Promise.all([
      configure({ log_level: "warn" }),
      configure({ registration_open: false }),
    ]);
    expect([one.version, other.version].toSorted()).toEqual([version + 1, version + 2]);
    expect((await read()).config).toMatchObject({ log_level: "warn", registration_open: false });
  });

  it.each([
    ["a key that nobody knows", { speed: 9, log_level: "debug" }, "config.speed"],
    ["no key at all", {}, "config"],
    ["a level that there is not", { log_level: "loud" }, "config.log_level"],
    ["a limit of nothing", { rate_limits: { free: { minute: 0 } } }, "config.rate_limits.free.minute"],
    ["a tier that there is not", { rate_limits: { gold: {} } }, "config.rate_limits.gold"],
    ["a budget beyond all bounds", { fuel_budgets: { free: 1_000_001 } }, "config.fuel_budgets.free"],
    ["a flag that is a word", { registration_open: "no" }, "config.registration_open"],
    ["maintenance of no saying", { maintenance: { message: "Soon" } }, "config.maintenance.enabled"],
    [
      "patience of nothing",
      { maintenance: { enabled: true, retry_after_seconds: 0 } },
      "config.maintenance.retry_after_seconds",
    ],
    ["null for what is never null", { executions_open: null }, "config.executions_open"],
  ])("refuses %s, with its path", async (_, config, at) => {
    const before = await read();
    const answer = await put({ config });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: at, message: expect.any(String) }] },
    });
    expect(await read()).toEqual(before);
  });

  it("is for the operator's administrators: no other tenant's, no user, nobody", async () => {
    const strangers = [
      await createUser("elsewhere", { role: "admin" }),
      await createUser("elsewhere", { permissions: ["admin.system"] }),
      await createUser("operator"),
    ];
    for (const { headers } of strangers) {
      expect((await call(path, { headers })).status).toBe(403);
      expect((await send("PUT", path, { config: { log_level: "debug" } }, headers)).status).toBe(403);
    }
    expect((await send("PUT", path, { config: { log_level: "debug" } })).status).toBe(401);
    const holder = await createUser("operator", { permissions: ["admin.system"] });
    expect((await call(path, { headers: holder.headers })).status).toBe(200);
  });
});
