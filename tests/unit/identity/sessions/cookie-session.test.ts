import { describe, expect, it } from "vitest";
import { password, signedIn } from "#tests/support/accounts.ts";
import { api, send } from "#tests/support/api.ts";

const page = { "x-session": "cookie" };
const origin = "http://platform.test";

const signIn = async (email: string, headers: Record<string, string> = page) =>
  send("POST", "/api/v1/auth/login", { email, password }, headers);

/** What a browser would send back of a cookie. */
const cookieOf = (answer: Response): string => answer.headers.get("set-cookie")?.split(";")[0] ?? "";

const refresh = (cookie: string, headers: Record<string, string> = page) =>
  send("POST", "/api/v1/auth/refresh", {}, { cookie, ...headers });

describe("A session of a page of the platform's own", () => {
  it("keeps its refresh token in a cookie that no script reads, and tells it to nobody", async () => {
    const { email } = await signedIn("cookie_login");
    const answer = await signIn(email);
    expect(answer.status).toBe(200);
    expect(await answer.json()).not.toHaveProperty("refresh_token");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const [value, ...attributes] = answer.headers.get("set-cookie")?.split("; ") ?? [];
    expect(value).toMatch(/^__Secure-refresh=[0-9a-f.-]+$/);
    expect(attributes.sort()).toEqual([
      "HttpOnly",
      "Max-Age=2592000",
      "Path=/api/v1/auth",
      "SameSite=Strict",
      "Secure",
    ]);
  });

  it("trades the cookie for a token and another cookie", async () => {
    const { email } = await signedIn("cookie_trade");
    const first = cookieOf(await signIn(email));
    const answer = await refresh(first);
    const tokens = await answer.json<{ access_token: string }>();
    expect(tokens).not.toHaveProperty("refresh_token");
    expect(cookieOf(answer)).not.toBe(first);
    expect((await api(tokens.access_token).GET("/api/v1/auth/session")).data?.email).toBe(email);
    expect((await refresh(cookieOf(answer))).status).toBe(200);
  });

  it("looks at no cookie without the header that no form can send", async () => {
    const { email } = await signedIn("cookie_form");
    const cookie = cookieOf(await signIn(email));
    expect((await refresh(cookie, {})).status).toBe(400);
    expect((await refresh("")).status).toBe(401);
  });

  it.each<Record<string, string>>([
    { origin: "http://allowed.test" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin },
  ])("is for the platform's own pages: $origin $sec-fetch-site is refused", async (from) => {
    const { email } = await signedIn("cookie_elsewhere");
    const cookie = cookieOf(await signIn(email, { ...page, origin, "sec-fetch-site": "same-origin" }));
    for (const answer of [
      await signIn(email, { ...page, ...from }),
      await refresh(cookie, { ...page, ...from }),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect((await refresh(cookie)).status).toBe(200);
  });

  it("ends with its cookie, also for who has kept that", async () => {
    const { email } = await signedIn("cookie_logout");
    const answer = await signIn(email);
    const { access_token } = await answer.json<{ access_token: string }>();
    const out = await send(
      "POST",
      "/api/v1/auth/logout",
      {},
      { ...page, authorization: `Bearer ${access_token}` },
    );
    expect(out.headers.get("set-cookie")).toMatch(/^__Secure-refresh=; .*Max-Age=0/);
    expect((await refresh(cookieOf(answer))).status).toBe(401);
  });

  it("is as ever for programs: the refresh token is in the answer, and there is no cookie", async () => {
    const { email } = await signedIn("cookie_program");
    const answer = await signIn(email, {});
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(await answer.json()).toHaveProperty("refresh_token");
  });
});
