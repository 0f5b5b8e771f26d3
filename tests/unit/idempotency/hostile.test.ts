import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, copywriter } from "../../support/personas.ts";
import { createClient, createUser, tokenFor } from "../../support/users.ts";

const clientId = "idempotent_hostile";
beforeAll(() => createClient(clientId));

const post = (path: string, body: unknown, by: Record<string, string>, key: string) =>
  send("POST", `/api/v1${path}`, body, { ...by, "idempotency-key": key });

describe("A repetition under an Idempotency-Key", () => {
  it("shows nothing to somebody who has lost the right to it, and again when it is given back", async () => {
    const holder = await createUser(clientId, { permissions: ["personas.create", "users.read"] });
    const as = async (permissions: string[]) => ({
      authorization: `Bearer ${await tokenFor({ ...holder.actor, permissions })}`,
    });
    const key = uuidv7();
    const first = await post("/templates", copywriter, holder.headers, key);
    const made = await bodyOf(first, 201);
    const lost = await post("/templates", copywriter, await as(["users.read"]), key);
    expect(lost.status).toBe(403);
    expect(await lost.json()).toMatchObject({ error: "INSUFFICIENT_PERMISSIONS" });
    const more = await post("/templates", copywriter, await as(["personas.create", "users.read", "*"]), key);
    expect(more.headers.get("idempotent-replayed")).toBe("true");
    expect(await more.json()).toEqual(made);
  });

  it("shows nothing to somebody whose role is lower than it was", async () => {
    const admin = await createUser(clientId, { role: "admin" });
    const key = uuidv7();
    expect((await post("/templates", copywriter, admin.headers, key)).status).toBe(201);
    const user = { authorization: `Bearer ${await tokenFor({ ...admin.actor, role: "user" })}` };
    expect((await post("/templates", copywriter, user, key)).status).toBe(403);
  });
});

describe("An Idempotency-Key of nobody", () => {
  it("costs the database nothing where nobody may do anything", async () => {
    await env.DB.batch([
      env.DB.prepare("CREATE TABLE seen_keys (id TEXT)"),
      env.DB.prepare(
        `CREATE TRIGGER see_keys AFTER INSERT ON idempotency_keys
         BEGIN INSERT INTO seen_keys VALUES (NEW.id); END`,
      ),
    ]);
    const statuses: number[] = [];
    for (const path of ["/projects", "/templates", "/admin/users/bulk", "/nowhere", "/auth/validate"]) {
      const answer = await post(path, { name: "x" }, {}, uuidv7());
      statuses.push(answer.status);
      await answer.body?.cancel();
    }
    const seen = await env.DB.prepare("SELECT count(*) AS n FROM seen_keys").first<{ n: number }>();
    await env.DB.batch([env.DB.prepare("DROP TRIGGER see_keys"), env.DB.prepare("DROP TABLE seen_keys")]);
    expect(statuses.every((status) => status >= 400)).toBe(true);
    expect(seen?.n).toBe(0);
  });

  it("is taken where no token is asked for, whatever token comes along", async () => {
    const user = await createUser(clientId);
    const old = await tokenFor(user.actor, Date.now() - 7_200_000);
    const key = uuidv7();
    const body = { email: `${uuidv7()}@h.example`, password: "Correct-Horse-9", client_id: clientId };
    const first = await post("/auth/register", body, { authorization: `Bearer ${old}` }, key);
    expect(first.status).toBe(201);
    const again = await post("/auth/register", body, {}, key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
  });
});
