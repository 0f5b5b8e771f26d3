import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { call, send } from "#tests/support/api.ts";
import { base64, bearer, expectRefused, forge, owner, waysIn } from "./forging.ts";

describe("A token in the wrong place", () => {
  it.each<[string, () => Record<string, string>]>([
    ["another scheme", () => ({ authorization: `Basic ${base64(`user:${owner.token}`)}` })],
    ["no scheme", () => ({ authorization: owner.token })],
    ["the scheme alone", () => ({ authorization: "Bearer" })],
    ["something behind it", () => ({ authorization: `Bearer ${owner.token} ${owner.token}` })],
    ["a cookie", () => ({ cookie: `access_token=${owner.token}; authorization=Bearer ${owner.token}` })],
    [
      "a header of one's own",
      () => ({ "x-access-token": owner.token, "x-authorization": `Bearer ${owner.token}` }),
    ],
  ])("%s: is refused everywhere", async (_, headers) => {
    await expectRefused(headers());
  });

  it("two Authorization headers are none, even if both were good", async () => {
    for (const [name, ask] of waysIn.slice(0, 2)) {
      const headers = new Headers(bearer(owner.token));
      headers.append("authorization", `Bearer ${owner.token}`);
      expect((await ask(headers)).status, name).toBe(401);
    }
  });

  it("the address is none: only WebSockets take a ticket there", async () => {
    const query = `access_token=${owner.token}&token=${owner.token}&authorization=Bearer+${owner.token}`;
    expect((await call(`/api/v1/projects?${query}`)).status).toBe(401);
    const upgrade = { headers: { upgrade: "websocket" } };
    expect((await call(`/api/v1/ws?${query}`, upgrade)).status).toBe(400);
    expect((await call(`/api/v1/ws?ticket=${owner.token}`, upgrade)).status).toBe(401);
  });
});

describe("A refresh token is not", () => {
  const refresh = (refresh_token: unknown) => send("POST", "/api/v1/auth/refresh", { refresh_token });

  it.each<[string, () => string, number]>([
    ["an access token", () => owner.token, 401],
    ["a short access token", () => forge({ claims: { email: "" } }).slice(-190), 401],
    ["one of another session", () => owner.refreshToken.replace(/^[^.]+/, uuidv7()), 401],
    ["one of a later generation", () => owner.refreshToken.replace(/\.0\./, ".1."), 401],
    ["one with another signature", () => owner.refreshToken.replace(/[0-9a-f]{64}$/, "0".repeat(64)), 401],
    ["one in capitals", () => owner.refreshToken.toUpperCase(), 401],
  ])("%s", async (_, token, status) => {
    expect((await refresh(token())).status).toBe(status);
  });

  it("ended by any of that", async () => {
    expect((await refresh(owner.refreshToken)).status).toBe(200);
  });
});
