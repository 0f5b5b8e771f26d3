import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { signedIn } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";

type Owner = Awaited<ReturnType<typeof signedIn>>;

const put = (owner: Owner, body: unknown): Promise<Response> =>
  send("PUT", "/api/v1/user/profile", body, owner.headers);

const get = async (owner: Owner) =>
  bodyOf(await call("/api/v1/user/profile", { headers: owner.headers }), 200);

/** Preferences that are so many characters as JSON. */
const preferencesOf = (length: number) => ({ note: "a".repeat(length - '{"note":""}'.length) });

describe("A profile", () => {
  it("stands beside the account's fields, and whole under its own name", async () => {
    const owner = await signedIn("profile_shape");
    const fields = {
      user_id: owner.id,
      first_name: "Ada",
      last_name: "Lovelace",
      company: "Engines",
      phone: "+44 20 0000",
      preferences: { theme: "dark", nested: { list: [1, 2] } },
    };
    const { user_id: _, ...change } = fields;
    await bodyOf(await put(owner, change), 200);
    expect(await get(owner)).toMatchObject({
      ...fields,
      profile: fields,
      id: owner.id,
      email: owner.email,
      role: "user",
      client_id: "profile_shape",
      subscription_tier: "free",
      is_active: true,
      email_verified: false,
      permissions: [],
    });
  });

  it("loses a field that is set to null, and keeps those left out", async () => {
    const owner = await signedIn("profile_null");
    await put(owner, { first_name: "Ada", phone: "1" });
    const changed = await bodyOf(await put(owner, { phone: null }), 200);
    expect(changed).toMatchObject({ first_name: "Ada" });
    expect(changed).not.toHaveProperty("phone");
  });

  it("gets other preferences as a whole", async () => {
    const owner = await signedIn("profile_preferences");
    await put(owner, { preferences: { theme: "dark", size: 1 } });
    expect(await bodyOf(await put(owner, { preferences: { theme: "light" } }), 200)).toMatchObject({
      preferences: { theme: "light" },
    });
    expect(await get(owner)).not.toHaveProperty("preferences.size");
  });

  it("is told of with the names of what changed, and not with what it says", async () => {
    const owner = await signedIn("profile_told");
    await put(owner, { first_name: "Ada", company: "Engines" });
    const { data } = await eventOf("profile_told", "user.updated");
    expect(data).toEqual({ user_id: owner.id, changed: ["first_name", "company"] });
  });

  it("changes in nothing when nothing is given", async () => {
    const owner = await signedIn("profile_nothing");
    const before = await get(owner);
    expect(await bodyOf(await put(owner, {}), 200)).toEqual(before);
  });

  it("takes preferences of 16 384 characters", async () => {
    const owner = await signedIn("profile_large");
    expect((await put(owner, { preferences: preferencesOf(16_384) })).status).toBe(200);
    expect(await bodyOf(await put(owner, { preferences: preferencesOf(16_385) }), 400)).toMatchObject({
      details: { fields: [{ path: "preferences" }] },
    });
  });

  it("takes preferences nested 64 deep, and no deeper", async () => {
    const owner = await signedIn("profile_deep");
    const nested = (depth: number): Record<string, unknown> => (depth === 1 ? {} : { in: nested(depth - 1) });
    expect((await put(owner, { preferences: nested(64) })).status).toBe(200);
    expect((await put(owner, { preferences: nested(65) })).status).toBe(400);
  });

  it.each([
    ["a name that is too long", { first_name: "a".repeat(101) }, "first_name"],
    ["a company that is too long", { company: "a".repeat(256) }, "company"],
    ["a phone that is too long", { phone: "1".repeat(51) }, "phone"],
    ["a name that is no text", { first_name: 5 }, "first_name"],
    ["preferences that are no object", { preferences: [] }, "preferences"],
    ["no preferences", { preferences: null }, "preferences"],
  ])("refuses %s, naming the field", async (_, body, path) => {
    const owner = await signedIn("profile_refused");
    expect(await bodyOf(await put(owner, body), 400)).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path }] },
    });
  });

  it.each([["role"], ["email"], ["client_id"], ["subscription_tier"], ["is_active"], ["user_id"]])(
    "does not change %s",
    async (field) => {
      const owner = await signedIn("profile_fixed");
      expect((await put(owner, { [field]: "admin", first_name: "Ada" })).status).toBe(400);
      const kept = await get(owner);
      expect(kept).toMatchObject({ role: "user" });
      expect(kept).not.toHaveProperty("first_name");
    },
  );

  it("of a deleted account is neither read nor written", async () => {
    const owner = await signedIn("profile_gone");
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(owner.id).run();
    expect((await put(owner, { first_name: "Ada" })).status).toBe(404);
    expect((await call("/api/v1/user/profile", { headers: owner.headers })).status).toBe(404);
    const name = env.DB.prepare("SELECT first_name FROM user_profiles WHERE user_id = ?").bind(owner.id);
    expect(await name.first("first_name")).toBeNull();
  });
});
