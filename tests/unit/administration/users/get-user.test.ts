import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { send } from "#tests/support/api.ts";
import { bodyOf, makeInstance } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { ask, operator, registered, signIn } from "../accounts.ts";
import { nobody } from "./users.ts";

describe("GET /admin/users/{user_id}", () => {
  it("shows an account with its permissions and what it has", async () => {
    const owner = await createUser("get_details");
    await makeInstance(owner);
    await send("POST", "/api/v1/projects", { name: "Mine" }, owner.headers);
    const { userId, email } = owner.actor;
    await env.DB.prepare("INSERT INTO user_permissions VALUES (?, 'personas.create', 0)").bind(userId).run();
    expect(await bodyOf(await ask(await operator(), "GET", `/${userId}`), 200)).toMatchObject({
      user: { id: userId, email, role: "user", is_active: true, permissions: ["personas.create"] },
      stats: {
        total_projects: 1,
        total_personas: 1,
        last_login_at: null,
        account_age: "0 hours",
        total_logins: 0,
      },
    });
  });

  it("counts sign-ins", async () => {
    const { id, email } = await registered("get_logins");
    await signIn(email);
    const { stats } = await bodyOf<{ stats: { total_logins: number; last_login_at: string } }>(
      await ask(await operator(), "GET", `/${id}`),
      200,
    );
    expect(stats.total_logins).toBe(2);
    expect(Date.parse(stats.last_login_at)).toBeGreaterThan(0);
  });

  it("knows no unknown account, and takes no id of another form", async () => {
    const unknown = await ask(await operator(), "GET", `/${nobody}`);
    expect(await bodyOf(unknown, 404)).toMatchObject({ error: "USER_NOT_FOUND" });
    expect((await ask(await operator(), "GET", "/x")).status).toBe(404);
  });
});
