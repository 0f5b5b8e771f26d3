import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { database } from "#src/db/client.ts";
import { answerOnce, leaseMs, rememberedMs } from "#src/idempotency/answer-once.ts";
import { forgetIdempotencyKeys } from "#src/idempotency/idempotency-key-repository.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createLogger } from "#src/observability/logger.ts";
import { call, send } from "../../support/api.ts";
import { copywriter, type Instance, makeInstance, makeTemplate } from "../../support/personas.ts";
import { pictures } from "../../support/pictures.ts";
import { testSettings } from "../../support/settings.ts";
import { createClient, createUser, createUserWithSession, type TestUser } from "../../support/users.ts";
import { echoing } from "../../support/workflows.ts";

let owner: TestUser;
let admin: TestUser;
let operator: TestUser;
let instance: Instance;
let templateId: string;

beforeAll(async () => {
  owner = await createUser("idempotent");
  admin = await createUser("idempotent", { role: "admin" });
  operator = await createUser("operator", { role: "admin" });
  templateId = (await makeTemplate("idempotent")).id;
  instance = await makeInstance(owner);
  await createClient("idempotent_open");
});

const post = (path: string, body: unknown, by: Record<string, string>, key: string) =>
  send("POST", `/api/v1${path}`, body, { ...by, "idempotency-key": key });
const rows = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;

/** Every creating POST: its path, a body that makes something, who may, and where that lands. */
const creations: [string, () => [path: string, body: unknown, by: Record<string, string>], string][] = [
  [
    "instances",
    () => ["/personas/instances", { template_id: templateId, name: "x" }, owner.headers],
    "persona_instances",
  ],
  ["templates", () => ["/templates", copywriter, admin.headers], "templates"],
  ["clones", () => [`/templates/${templateId}/clone`, {}, admin.headers], "templates"],
  ["memories", () => [`/personas/instances/${instance.id}/memories`, { content: "Tea" }, owner.headers], ""],
  ["projects", () => ["/projects", { name: uuidv7() }, owner.headers], "projects"],
  [
    "workflows",
    () => ["/admin/workflows", { name: `w-${uuidv7()}`, plan: echoing }, admin.headers],
    "workflow_definitions",
  ],
  [
    "agents",
    () => [
      "/admin/agent-definitions",
      { type: `a-${uuidv7().slice(24)}`, display_name: "A", category: "data-driven" },
      admin.headers,
    ],
    "agent_definitions",
  ],
  [
    "clients",
    () => ["/admin/clients", { client_id: `c_${uuidv7().slice(24)}`, display_name: "C" }, operator.headers],
    "clients",
  ],
  [
    "registrations",
    () => [
      "/auth/register",
      { email: `${uuidv7()}@a.example`, password: "Correct-Horse-9", client_id: "idempotent_open" },
      {},
    ],
    "users",
  ],
];

describe("POST with an Idempotency-Key", () => {
  it.each(creations)("makes %s once and gives the first answer again", async (_, make, table) => {
    const [path, body, by] = make();
    const key = uuidv7();
    const first = await post(path, body, by, key);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const text = await first.text();
    const before = table === "" ? 0 : await rows(table);
    const again = await post(path, body, by, key);
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(await again.text()).toBe(text);
    if (table !== "") expect(await rows(table)).toBe(before);
  });

  it("makes a subscription once, and an import of the same file once whatever its boundary", async () => {
    const { actor } = await createUser("idempotent");
    const body = { user_id: actor.userId, tier: "premium", trial_days: 3 };
    await env.DB.prepare("UPDATE subscriptions SET tier = 'free' WHERE user_id = ?").bind(actor.userId).run();
    const key = uuidv7();
    const statuses = [
      (await post("/admin/subscriptions", body, operator.headers, key)).status,
      (await post("/admin/subscriptions", body, operator.headers, key)).status,
    ];
    expect(statuses).toEqual([201, 201]);
    const importing = async () => {
      const form = new FormData();
      form.set("client_id", "idempotent");
      form.set("file", new File(["email\nonce@idempotent.example"], "users.csv"));
      const headers = { ...admin.headers, "idempotency-key": key };
      const answer = await call("/api/v1/admin/users/import", { method: "POST", body: form, headers });
      return { replayed: answer.headers.get("idempotent-replayed"), body: await answer.json() };
    };
    const first = await importing();
    expect(first.body).toMatchObject({ successful: 1 });
    expect(await importing()).toEqual({ replayed: "true", body: first.body });
  });

  it("makes one ticket for a WebSocket, for the origin that asked for it", async () => {
    const { headers } = await createUserWithSession("idempotent");
    const ask = (path: string, more = {}) =>
      call(path, { method: "POST", headers: { ...headers, "idempotency-key": "ticket", ...more } });
    const answers = [await ask("/api/v1/ws/ticket"), await ask("/api/v1/ws/ticket"), await ask("/ws/ticket")];
    expect(answers.map((answer) => answer.headers.get("idempotent-replayed"))).toEqual([
      null,
      "true",
      "true",
    ]);
    expect(answers.map((answer) => answer.headers.get("cache-control"))).toEqual(Array(3).fill("no-store"));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect((await ask("/api/v1/ws/ticket", { origin: "http://allowed.test" })).status).toBe(409);
  });

  it("makes a picture the avatar once, whatever comes in between", async () => {
    const { headers } = await createUser("idempotent");
    const upload = async (key: string, body: Uint8Array<ArrayBuffer>) =>
      call("/api/v1/user/avatar", { method: "POST", headers: { ...headers, "idempotency-key": key }, body });
    const first = await (await upload("first", pictures.png)).text();
    expect(await (await upload("second", pictures.gif)).text()).not.toBe(first);
    const again = await upload("first", pictures.png);
    expect([again.headers.get("idempotent-replayed"), await again.text()]).toEqual(["true", first]);
    expect((await upload("first", pictures.webp)).status).toBe(409);
  });

  it("of fifty at once does it once: the others are told to wait, or get the same", async () => {
    const key = uuidv7();
    const body = { template_id: templateId, name: "Fifty" };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post("/personas/instances", body, owner.headers, key)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
    const ids = await Promise.all(
      made.map(async (answer) => z.object({ id: z.string() }).parse(await answer.json()).id),
    );
    expect(new Set(ids).size).toBe(1);
    for (const twin of answers.filter(({ status }) => status === 409))
      expect(twin.headers.get("retry-after")).toBe("1");
    const stored = await env.DB.prepare(
      "SELECT count(*) AS n FROM persona_instances WHERE name = 'Fifty'",
    ).first<{ n: number }>();
    expect(stored?.n).toBe(1);
  });

  it("refuses another body under the key, whoever sends it, and keeps callers and paths apart", async () => {
    const key = uuidv7();
    const body = { name: `p-${key}` };
    expect((await post("/projects", body, owner.headers, key)).status).toBe(201);
    expect((await post("/projects", { name: "Another" }, owner.headers, key)).status).toBe(409);
    const other = await post("/projects", body, admin.headers, key);
    expect(other.status).toBe(201);
    expect(other.headers.get("idempotent-replayed")).toBeNull();
    expect(
      (await post("/personas/instances", { template_id: templateId, name: "y" }, owner.headers, key)).status,
    ).toBe(201);
  });

  it("keeps no refusal: what is mended is sent again under its key", async () => {
    const key = uuidv7();
    expect((await post("/projects", { name: "" }, owner.headers, key)).status).toBe(400);
    expect((await post("/projects", { name: `m-${key}` }, owner.headers, key)).status).toBe(201);
  });

  it("asks for the right to do it each time, and refuses a key that is none", async () => {
    const key = uuidv7();
    const body = { name: `s-${key}` };
    expect((await post("/projects", body, owner.headers, key)).status).toBe(201);
    expect((await post("/projects", body, {}, key)).status).toBe(401);
    expect((await post("/projects", body, { authorization: "Bearer x" }, key)).status).toBe(401);
    expect((await post("/projects", body, owner.headers, "k".repeat(256))).status).toBe(400);
  });

  it("is remembered for a day, and then forgotten", async () => {
    const key = uuidv7();
    const body = { content: "Remembered" };
    const path = `/personas/instances/${instance.id}/memories`;
    const headers = owner.headers;
    expect((await post(path, body, headers, key)).status).toBe(201);
    const before = await rows("idempotency_keys");
    await forgetIdempotencyKeys(database(env.DB), Date.now() + rememberedMs - 60_000);
    expect(await rows("idempotency_keys")).toBe(before);
    await forgetIdempotencyKeys(database(env.DB), Date.now() + rememberedMs + 60_000);
    expect(await rows("idempotency_keys")).toBe(0);
  });

  it("stores neither what was sent nor what was answered in a readable form", async () => {
    const email = `${uuidv7()}@sealed.example`;
    const body = { email, password: "Correct-Horse-9", client_id: "idempotent_open" };
    const key = uuidv7();
    expect((await post("/auth/register", body, {}, key)).status).toBe(201);
    const { results } = await env.DB.prepare(
      "SELECT id, body_mac, attempt, CAST(answer AS TEXT) AS answer FROM idempotency_keys",
    ).all();
    const stored = JSON.stringify(results);
    for (const secret of [email, "Correct-Horse-9", "refresh_token", key])
      expect(stored).not.toContain(secret);
  });
});

describe("A request that died in the middle", () => {
  const request = { caller: "u", operation: "POST /x", key: "died", body: Uint8Array.of(1), rights: null };
  const schema = z.object({ by: z.string() });
  const context = (now: number) => ({
    db: database(env.DB),
    clock: { now: () => now },
    settings: settingsOf(testSettings),
    log: createLogger("test", "error"),
  });

  it("holds up its repetitions for a minute, and is made again by the same body only", async () => {
    let finish = (_: { by: string }): void => {};
    const hangs = new Promise<{ by: string }>((resolve) => {
      finish = resolve;
    });
    const died = answerOnce(context(0), request, schema, () => hangs);
    await expect.poll(() => rows("idempotency_keys WHERE attempt IS NOT NULL AND answer IS NULL")).toBe(1);
    const never = () => Promise.reject(new Error("done twice"));
    await expect(answerOnce(context(leaseMs - 1), request, schema, never)).rejects.toThrow(/at work/);
    const another = { ...request, body: Uint8Array.of(2) };
    await expect(answerOnce(context(leaseMs + 1), another, schema, never)).rejects.toThrow(/another body/);
    const answer = await answerOnce(context(leaseMs + 1), request, schema, async () => ({
      by: "second",
    }));
    expect(answer).toEqual({ output: { by: "second" }, replayed: false });
    // The first one wakes up: its answer is told to whoever waits for it, and changes nothing that is kept.
    finish({ by: "first" });
    await died;
    const kept = await answerOnce(context(leaseMs + 2), request, schema, never);
    expect(kept).toEqual({ output: { by: "second" }, replayed: true });
  });

  it("is given again as it was, also what its schema does not name", async () => {
    const once = { ...request, key: "more" };
    const given = { by: "first", more: { than: "named" } };
    await answerOnce(context(0), once, schema, async () => given);
    const again = await answerOnce(context(1), once, schema, () => Promise.reject(new Error("done twice")));
    expect(again).toEqual({ output: given, replayed: true });
  });

  it("is not done again, and no fault, when another version has answered in its own way", async () => {
    const once = { ...request, key: "older" };
    await answerOnce(context(0), once, z.object({ at: z.string() }), async () => ({ at: "once" }));
    const again = answerOnce(context(1), once, schema, () => Promise.reject(new Error("done twice")));
    await expect(again).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("gives its turn back when it fails", async () => {
    const failing = { ...request, key: "fails" };
    await expect(
      answerOnce(context(0), failing, schema, () => Promise.reject(new Error("broken"))),
    ).rejects.toThrow("broken");
    const answer = await answerOnce(context(1), failing, schema, async () => ({ by: "done" }));
    expect(answer.output).toEqual({ by: "done" });
  });

  it("is told what became of it also when its turn cannot be given back", async () => {
    await env.DB.prepare(
      `CREATE TRIGGER keep_turns BEFORE DELETE ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'down'); END`,
    ).run();
    const quiet = context(0);
    const failing = { ...request, key: "stuck" };
    await expect(
      answerOnce(quiet, failing, schema, () => Promise.reject(new Error("broken"))),
    ).rejects.toThrow("broken");
    const refusing = { ...request, key: "stuck too" };
    const refused = answerOnce(quiet, refusing, schema, () => Promise.reject(new Error("no")));
    await expect(refused).rejects.toThrow("no");
    await env.DB.prepare("DROP TRIGGER keep_turns").run();
    const again = await answerOnce(context(leaseMs + 1), failing, schema, async () => ({ by: "done" }));
    expect(again.output).toEqual({ by: "done" });
  });
});
