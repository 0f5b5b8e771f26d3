import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { password, signedIn } from "#tests/support/accounts.ts";
import { createUser } from "#tests/support/users.ts";
import { meantPath } from "#workers/gateway/older-paths.ts";

describe("A path of the older gateway", () => {
  it.each([
    ["/api/auth/login", "/api/v1/auth/login"],
    ["/api/admin/users/7?page=2", "/api/v1/admin/users/7"],
    ["/api/chat", "/api/v1/chat"],
    ["/api/personalization/context", "/api/v1/personalization/context"],
    ["/api/v1/auth/login", "/api/v1/auth/login"],
    ["/api/authority", "/api/authority"],
    ["/api/docs", "/api/docs"],
    ["/x/api/auth/login", "/x/api/auth/login"],
    ["/api/v1/api/auth/login", "/api/v1/api/auth/login"],
    ["/api/v1/user/personalization/user-profile", "/api/v1/personalization/user-profile/me"],
    ["/api/v1/user/personalization/user-profile/facts/7", "/api/v1/personalization/user-profile/me/facts/7"],
    ["/api/v1/user/personalization/context", "/api/v1/personalization/context/me"],
    ["/api/v1/user/personalization/recommendations", "/api/v1/personalization/recommendations"],
    ["/api/v1/user/personalizations", "/api/v1/user/personalizations"],
  ])("%s means %s", (path, meant) => {
    expect(meantPath(new Request(`http://platform.test${path}`))).toBe(meant);
  });

  it("below oneself, where something is made, has no id yet", () => {
    const made = (path: string) => meantPath(new Request(`http://platform.test${path}`, { method: "POST" }));
    expect(made("/api/v1/user/personalization/user-profile")).toBe("/api/v1/personalization/user-profile");
    expect(made("/api/v1/user/personalization/context")).toBe("/api/v1/personalization/context");
  });

  it("is answered as the path that it means is, refusals and rights included", async () => {
    const user = await signedIn("older_paths");
    const admin = await createUser("older_paths", { role: "admin" });
    const ask = (path: string, init?: RequestInit) =>
      exports.default.fetch(`http://platform.test${path}`, init);
    const signIn = (given: string) => ({
      method: "POST",
      body: JSON.stringify({ email: user.email, password: given }),
      headers: { "content-type": "application/json" },
    });
    const statuses = await Promise.all(
      [
        ask("/api/auth/login", signIn(password)),
        ask("/api/auth/login", signIn("Wrong-Horse-9")),
        ask("/api/auth/login"),
        ask("/api/admin/users"),
        ask("/api/admin/users", { headers: user.headers }),
        ask("/api/admin/users", { headers: admin.headers }),
        ask("/api/admin/nothing", { headers: admin.headers }),
      ].map(async (answer) => (await answer).status),
    );
    expect(statuses).toEqual([200, 401, 405, 401, 403, 200, 404]);
  });
});
