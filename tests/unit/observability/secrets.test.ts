import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { logLevels } from "#src/kernel/log-level.ts";
import { logRingName } from "#src/objects/log-ring-api.ts";
import { callerOf } from "#src/realtime/index.ts";
import gateway from "#workers/gateway/index.ts";
import { call, send } from "../../support/api.ts";
import { configure } from "../../support/configuration.ts";
import { allOperations } from "../../support/operations.ts";
import { plan } from "../../support/plans.ts";
import { refusing, scripted } from "../../support/scripted-upstream.ts";
import { withBreaker, withGate, withHub } from "../../support/talkative-objects.ts";
import { deliver, startedTask } from "../../support/tasks.ts";
import { tenantWorld } from "../../support/tenant-world.ts";
import { createClient, createUser } from "../../support/users.ts";

/** Stands in everything that is nobody's to read in a log; a password that is taken, too. */
const mark = "Kq7marmalade";
const marked = (what: string): string => `${what}-${mark}-9`;

/** What is written on the console. */
const written: string[] = [];

const jsonSchema: z.ZodType<unknown> = z.json();

/** The same with the mark in every text. */
function withMarks(value: unknown): unknown {
  if (typeof value === "string") return `${value} ${mark}`;
  if (Array.isArray(value)) return value.map(withMarks);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withMarks(inner)]));
  return value;
}

/** Every operation, with what it takes and with marks in all of it, by an administrator and by somebody with a marked token. */
async function callEverything(): Promise<void> {
  const { ids } = await tenantWorld("secrets_of_all");
  const admin = await createUser("operator", { role: "admin" });
  const json = { "content-type": "application/json" };
  const operations = (await allOperations()).filter(({ path }) => !path.endsWith("/ws"));
  for (const { method, body, address } of operations.toSorted(
    (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
  )) {
    const bodies =
      body === undefined
        ? [undefined]
        : [JSON.stringify(withMarks(jsonSchema.parse(JSON.parse(body)))), body];
    for (const each of bodies) {
      for (const authorization of [admin.headers.authorization, `Bearer ${marked("token")}.a.b`]) {
        const headers = { ...json, authorization, cookie: marked("cookie") };
        const answer = await call(address(ids), { method, body: each, headers });
        await answer.body?.cancel();
      }
    }
  }
}

/** Accounts: passwords and tokens that are right, wrong, and that a broken database refuses to take. */
async function signInAndUp(): Promise<void> {
  const password = marked("Pass");
  const account = { email: "somebody@secrets.example", password, client_id: "secrets" };
  expect((await send("POST", "/api/v1/auth/register", account)).status).toBe(201);
  const { email } = account;
  expect((await send("POST", "/api/v1/auth/login", { email, password })).status).toBe(200);
  for (const [path, body] of [
    ["login", { email, password: marked("Wrong") }],
    ["refresh", { refresh_token: marked("refresh") }],
    ["verify-email", { token: marked("verify") }],
    ["reset-password", { token: marked("reset"), new_password: password }],
    ["forgot-password", { email }],
  ] as const)
    await send("POST", `/api/v1/auth/${path}`, body);
  for (const path of ["register", "login"]) {
    const request = new Request(`http://platform.test/api/v1/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...account, email: "other@secrets.example" }),
    });
    const answer = await gateway.fetch(request, { ...env, DB: env.OTHER_DB }, createExecutionContext());
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
}

/** Executions whose provider is refused its key, and says so with all that it was given. */
async function execute(): Promise<void> {
  const prompt = `About ${marked("prompt")}`;
  const own = plan("write", { write: { action: "ai_text_generate", input: { prompt } } });
  const config = { system_prompt: marked("system") };
  const settings = {
    LOG_LEVEL: "debug",
    ANTHROPIC_API_KEY: marked("key"),
    ANTHROPIC_BASE_URL: "https://provider.test",
  };
  for (const status of [401, 400, 500]) {
    const { envelope } = await startedTask("secrets", own, config);
    const echo = { type: "error", error: { type: "refused", message: `${marked("key")} ${prompt}` } };
    const upstream = scripted(refusing(status, echo));
    vi.stubGlobal("fetch", upstream.fetcher.fetch);
    await deliver("agents", [envelope("write")], upstream, settings);
    vi.unstubAllGlobals();
    expect(upstream.calls.length).toBeGreaterThan(0);
  }
}

/** Sockets on which secrets are said, a breaker and a gate, which log all that they do. */
async function connectAndRefuse(): Promise<void> {
  const { actor } = await createUser("secrets_of_sockets");
  await withHub(callerOf({ ...actor, expiresAt: Date.now() + 60_000 }), async ({ hub, again, sockets }) => {
    const command = { type: "command", event: marked("event"), id: marked("id"), data: { events: [mark] } };
    for (const socket of sockets()) {
      await hub.webSocketMessage(socket, JSON.stringify(command));
      await hub.webSocketMessage(socket, marked("garbage"));
      await again().webSocketClose(socket, 4711, marked("reason"));
    }
  });
  await withBreaker("secrets", (breaker) => breaker.record({ successes: 0, failures: 3 }));
  const asked = { key: actor.userId, limits: [{ seconds: 60, most: 1 }], wanted: 5, reserve: 0, grant: mark };
  await withGate("secrets_of_sockets", async (gate) => void (await gate.takeCalls(asked)));
}

/** All that is kept of the whole platform. */
async function kept(): Promise<string[]> {
  const ring = env.LOG_RING.getByName(logRingName);
  const lines: string[] = [];
  for (let before: number | undefined; ; ) {
    const page = await ring.read({}, { before, limit: 1000 });
    lines.push(...page.map(({ line }) => JSON.stringify(line)));
    before = page.at(-1)?.seq;
    if (page.length < 1000) return lines;
  }
}

describe("Nothing that is nobody's to read is logged", () => {
  beforeAll(async () => {
    for (const level of logLevels)
      vi.spyOn(console, level).mockImplementation((...said: unknown[]) => void written.push(said.join(" ")));
    await configure({ log_level: "debug" });
    await createClient("secrets");
    await signInAndUp();
    await execute();
    await connectAndRefuse();
    await callEverything();
  }, 120_000);

  it("on the console, whatever is asked with however many secrets", () => {
    expect(written.length).toBeGreaterThan(300);
    expect(written.some((line) => line.includes('"level":"error"'))).toBe(true);
    for (const said of ["task failed", "socket closed", "hub restored", "breaker opened", "calls refused"])
      expect(
        written.filter((line) => line.includes(said)),
        said,
      ).not.toEqual([]);
    expect(written.filter((line) => line.includes(mark))).toEqual([]);
  });

  it("nor in what is kept of it", async () => {
    const lines = await vi.waitFor(async () => {
      const now = await kept();
      expect(now.length).toBeGreaterThan(300);
      return now;
    }, 5000);
    expect(lines.some((line) => line.includes("task failed"))).toBe(true);
    expect(lines.filter((line) => line.includes(mark))).toEqual([]);
  });
});
