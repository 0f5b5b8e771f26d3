import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { admitsRegistration } from "#src/identity/accounts/registration.ts";
import { signedIn } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";
import { createClient, createUser } from "#tests/support/users.ts";

const code = "spring-2026-welcome";
let number = 0;

const register = (client_id: string, over: Record<string, unknown> = {}): Promise<Response> =>
  send("POST", "/api/v1/auth/register", {
    email: `newcomer${number++}@registration.example`,
    password: "Correct-Horse-9",
    client_id,
    ...over,
  });

const rowsOf = async (email: string) =>
  (await env.DB.prepare("SELECT id FROM users WHERE email = ?").bind(email).all()).results.length;

describe("Whether a tenant lets somebody register", () => {
  it.each([
    ["open", { registration: "open" }, undefined, true],
    ["open, whatever code comes", { registration: "open" }, "anything", true],
    ["closed", { registration: "closed" }, undefined, false],
    ["closed, whatever code comes", { registration: "closed", invite_codes: [code] }, code, false],
    ["never said", {}, undefined, false],
    ["said in a way we do not know", { registration: "everybody" }, undefined, false],
    [
      "invite, with a code of the list",
      { registration: "invite", invite_codes: ["other", code] },
      code,
      true,
    ],
    ["invite, with another code", { registration: "invite", invite_codes: [code] }, `${code}x`, false],
    [
      "invite, with the code in other letters",
      { registration: "invite", invite_codes: [code] },
      code.toUpperCase(),
      false,
    ],
    ["invite, without a code", { registration: "invite", invite_codes: [code] }, undefined, false],
    ["invite, with an empty code", { registration: "invite", invite_codes: [code] }, "", false],
    ["invite, without a list", { registration: "invite" }, code, false],
    ["invite, with a list that is none", { registration: "invite", invite_codes: code }, code, false],
  ])("%s", (_, settings, given, admitted) => {
    expect(admitsRegistration(settings, given)).toBe(admitted);
  });
});

describe("POST /auth/register", () => {
  it("refuses a role that is nested without end as it refuses others", async () => {
    await createClient("deep_role");
    const account = {
      email: "deep@registration.example",
      password: "Correct-Horse-9",
      client_id: "deep_role",
    };
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const answer = await call("/api/v1/auth/register", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "deep-role" },
      body: JSON.stringify({ ...account, role: 0 }).replace('"role":0', `"role":${deep}`),
    });
    expect(await bodyOf(answer, 400)).toMatchObject({ details: { fields: [{ path: "role" }] } });
  });

  it("with invitation needs a code that an administrator put on the list, until it is taken off", async () => {
    await createClient("invite_only", { registration: "closed" });
    const admin = await createUser("operator", { role: "admin" });
    const change = async (settings: Record<string, unknown>) =>
      bodyOf(await send("PUT", "/api/v1/admin/clients/invite_only", { settings }, admin.headers), 200);
    await change({ registration: "invite", invite_codes: [code] });
    for (const refused of [{}, { invite_code: "winter-2026-welcome" }]) {
      expect(await bodyOf(await register("invite_only", refused), 403)).toMatchObject({
        error: "REGISTRATION_CLOSED",
      });
    }
    expect((await register("invite_only", { invite_code: code })).status).toBe(201);
    expect((await register("invite_only", { invite_code: code })).status).toBe(201);
    await change({ invite_codes: [] });
    expect((await register("invite_only", { invite_code: code })).status).toBe(403);
  });

  it.each([[["short"]], ["one-code-only"], [[42]], [[""]]])(
    "codes like %j are refused in the settings",
    async (invite_codes) => {
      const admin = await createUser("operator", { role: "admin" });
      await createClient("invite_bad");
      const settings = { registration: "invite", invite_codes };
      const answer = await send("PUT", "/api/v1/admin/clients/invite_bad", { settings }, admin.headers);
      const { details } = await bodyOf<{ details: { fields: { path: string }[] } }>(answer, 400);
      expect(details.fields[0]?.path).toMatch(/^settings\.invite_codes/);
    },
  );

  it("shows invite codes to nobody but administrators", async () => {
    await createClient("invite_secret", { registration: "invite", invite_codes: [code] });
    for (const role of ["user", "moderator"] as const) {
      const { headers } = await createUser("invite_secret", { role });
      const text = await (await call("/api/v1/admin/clients/invite_secret", { headers })).text();
      expect(text).not.toContain(code);
    }
  });

  it("refuses a tenant that is switched off like one that does not exist", async () => {
    await createClient("register_off");
    await env.DB.prepare("UPDATE clients SET is_active = 0 WHERE id = 'register_off'").run();
    const [off, none] = [await register("register_off"), await register("register_nowhere")];
    const bodies = [await bodyOf(off, 404), await bodyOf(none, 404)];
    for (const body of bodies) expect(body).toMatchObject({ error: "NOT_FOUND", message: "No such tenant" });
  });

  it("does not tell of taken addresses where nobody may register", async () => {
    const owner = await signedIn("register_private");
    await env.DB.prepare(
      `UPDATE clients SET settings = '{"registration":"closed"}' WHERE id = 'register_private'`,
    ).run();
    expect((await register("register_private", { email: owner.email })).status).toBe(403);
  });

  it("takes an address once on the whole platform", async () => {
    const owner = await signedIn("register_first");
    await createClient("register_other");
    expect(await bodyOf(await register("register_other", { email: owner.email }), 409)).toMatchObject({
      error: "USER_EXISTS",
    });
  });

  it("keeps the profile, and tells and remembers the account", async () => {
    await createClient("register_profile");
    const names = { first_name: " Ada ", last_name: "Lovelace", company: "Engines" };
    const made = await bodyOf<{ access_token: string; user: { id: string } }>(
      await register("register_profile", names),
      201,
    );
    const headers = { authorization: `Bearer ${made.access_token}` };
    expect(await (await call("/api/v1/user/profile", { headers })).json()).toMatchObject({
      first_name: "Ada",
      last_name: "Lovelace",
      company: "Engines",
      subscription_tier: "free",
    });
    expect(await (await call("/api/v1/subscription", { headers })).json()).toMatchObject({
      tier: "free",
      status: "active",
    });
    const told = await eventOf("register_profile", "user.created");
    expect(told.entity_id).toBe(made.user.id);
  });

  it("takes one name for both, parted at its last space", async () => {
    await createClient("register_one_name");
    const { access_token } = await bodyOf<{ access_token: string }>(
      await register("register_one_name", { name: "Ada King Lovelace" }),
      201,
    );
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await (await call("/api/v1/user/profile", { headers })).json()).toMatchObject({
      first_name: "Ada King",
      last_name: "Lovelace",
    });
  });

  it.each([["admin"], ["user"], [{ toString: 1 }], [null]])(
    "refuses whoever names a role, as %j, makes no account and remembers it",
    async (role) => {
      await createClient("register_role");
      const email = `role${number++}@registration.example`;
      const refused = await bodyOf(await register("register_role", { email, role }), 400);
      expect(refused).toMatchObject({ error: "VALIDATION_ERROR", details: { fields: [{ path: "role" }] } });
      expect(await rowsOf(email)).toBe(0);
      const { results } = await env.DB.prepare(
        "SELECT details FROM audit_log WHERE action = 'user.role_refused' AND client_id = 'register_role'",
      ).all<{ details: string }>();
      expect(results.map(({ details }) => JSON.parse(details))).toContainEqual({
        role: JSON.stringify(role),
      });
    },
  );

  it.each(["user_profiles", "subscriptions", "audit_log", "event_outbox"])(
    "leaves no account behind when %s cannot be written",
    async (table) => {
      await createClient("register_atomic");
      const email = `atomic-${table}@registration.example`;
      await env.DB.prepare(
        `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'broken'); END`,
      ).run();
      try {
        expect((await register("register_atomic", { email })).status).toBe(500);
      } finally {
        await env.DB.prepare("DROP TRIGGER broken").run();
      }
      expect(await rowsOf(email)).toBe(0);
      expect((await register("register_atomic", { email })).status).toBe(201);
    },
  );

  it.each(["Password1", "Password123!", "Qwerty123", "iloveyou"])(
    "refuses the common password %s",
    async (password) => {
      await createClient("register_common");
      expect((await register("register_common", { password })).status).toBe(400);
    },
  );

  it("refuses the address as password", async () => {
    await createClient("register_same");
    const email = `Newcomer-9@registration.example`;
    const answer = await register("register_same", { email, password: email });
    expect(await bodyOf(answer, 400)).toMatchObject({
      details: { fields: [{ path: "password", message: "Not your e-mail address" }] },
    });
  });

  it.each([
    ["no address", { email: "nobody" }],
    ["an address that is too long", { email: `${"a".repeat(250)}@test.example` }],
    ["a name that is too long", { first_name: "a".repeat(101) }],
    ["a field that it does not know", { role: "admin" }],
    ["no tenant's id", { client_id: "a b" }],
  ])("refuses %s", async (_, over) => {
    await createClient("register_fields");
    expect(await bodyOf(await register("register_fields", over), 400)).toMatchObject({
      error: "VALIDATION_ERROR",
    });
  });
});

describe("A new password", () => {
  it("that is common is refused when one changes one's own", async () => {
    const owner = await signedIn("common_change");
    const change = { current_password: "Correct-Horse-9", new_password: "Password123!" };
    expect(
      await bodyOf(await send("POST", "/api/v1/user/password", change, owner.headers), 400),
    ).toMatchObject({
      details: { fields: [{ path: "new_password" }] },
    });
  });

  it("must not be the current one", async () => {
    const owner = await signedIn("common_same");
    const change = { current_password: "Correct-Horse-9", new_password: "Correct-Horse-9" };
    expect(
      await bodyOf(await send("POST", "/api/v1/user/password", change, owner.headers), 400),
    ).toMatchObject({
      details: { fields: [{ path: "new_password", message: "Not the current one" }] },
    });
  });
});
