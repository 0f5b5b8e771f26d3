import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { account, password, signedIn } from "#tests/support/accounts.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { inProduction, testSettings } from "#tests/support/settings.ts";
import { createApp } from "#workers/gateway/app.ts";

const next = "Vq3mT8xw0ZrLk5sHn2yB7cJd9fGa1eUo";

/** The gateway after the operator has given it another key, with and without the old one. */
const rotated = { ...env, JWT_SECRET_KEY: next, JWT_KEY_ID: "second" };
const withOldKey = {
  ...rotated,
  JWT_VERIFICATION_KEYS: JSON.stringify({ main: testSettings.JWT_SECRET_KEY }),
};

const ask = (bindings: typeof env, path: string, init?: RequestInit): Promise<Response> =>
  Promise.resolve(
    createApp().fetch(new Request(`http://platform.test${path}`, init), bindings, createExecutionContext()),
  );

const post = (bindings: typeof env, path: string, body: unknown) =>
  ask(bindings, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const accessStatus = async (bindings: typeof env, token: string): Promise<number> =>
  (await ask(bindings, "/api/v1/user/profile", { headers: { authorization: `Bearer ${token}` } })).status;

interface Tokens {
  access_token: string;
  refresh_token: string;
}

describe("When the signing key is replaced", () => {
  it("tokens of the old key are good while it is on the ring, and not once it is taken off", async () => {
    const owner = await signedIn("rotate_tokens");
    expect(await accessStatus(env, owner.token)).toBe(200);
    expect(await accessStatus(withOldKey, owner.token)).toBe(200);
    expect(await accessStatus(rotated, owner.token)).toBe(401);
  });

  it("new tokens name the new key, also those that an old refresh token is traded for", async () => {
    const owner = await signedIn("rotate_refresh");
    expect(decodeProtectedHeader(owner.token).kid).toBe("main");
    const body = { refresh_token: owner.refreshToken };
    const tokens = await bodyOf<Tokens>(await post(withOldKey, "/api/v1/auth/refresh", body), 200);
    expect(decodeProtectedHeader(tokens.access_token).kid).toBe("second");
    expect(await accessStatus(rotated, tokens.access_token)).toBe(200);
    const again = { refresh_token: tokens.refresh_token };
    expect((await post(rotated, "/api/v1/auth/refresh", again)).status).toBe(200);
  });

  it("a refresh token of a key that is off the ring signs nobody in, and ends no session", async () => {
    const owner = await signedIn("rotate_off");
    const body = { refresh_token: owner.refreshToken };
    expect((await post(rotated, "/api/v1/auth/refresh", body)).status).toBe(401);
    expect((await post(withOldKey, "/api/v1/auth/refresh", body)).status).toBe(200);
  });

  it("an old gateway does not take the new key's tokens for its own", async () => {
    const { email } = await account("rotate_back");
    const tokens = await bodyOf<Tokens>(await post(rotated, "/api/v1/auth/login", { email, password }), 200);
    expect(await accessStatus(env, tokens.access_token)).toBe(401);
  });
});

describe("In production", () => {
  const production = (over: Record<string, string | undefined>) => ({
    ...env,
    ...inProduction,
    JWT_SECRET_KEY: next,
    ...over,
  });

  it.each([
    ["no key", { JWT_SECRET_KEY: undefined }],
    ["a short key", { JWT_SECRET_KEY: next.slice(0, 31) }],
    ["a key of few different characters", { JWT_SECRET_KEY: "abcabcabc".repeat(8) }],
    ["a key that everybody knows", { JWT_SECRET_KEY: testSettings.JWT_SECRET_KEY }],
    ["a key from an example", { JWT_SECRET_KEY: "your-secret-key-change-this-in-production" }],
    [
      "an old key that everybody knows",
      { JWT_VERIFICATION_KEYS: JSON.stringify({ old: testSettings.JWT_SECRET_KEY }) },
    ],
    ["a short old key", { JWT_VERIFICATION_KEYS: '{"old":"short"}' }],
    [
      "an old key under the new one's id",
      { JWT_VERIFICATION_KEYS: JSON.stringify({ main: `${next}-of-old` }) },
    ],
    ["old keys that are no JSON", { JWT_VERIFICATION_KEYS: "old=secret" }],
  ])("the gateway does no work with %s, and says no secret", async (_, over) => {
    const { email } = await account("production_keys");
    for (const answer of [
      await ask(production(over), "/health"),
      await post(production(over), "/api/v1/auth/login", { email, password }),
    ]) {
      const text = await answer.text();
      expect(answer.status).toBe(503);
      expect(JSON.parse(text)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
      for (const value of Object.values(over)) if (value) expect(text).not.toContain(value);
    }
  });

  it("it works while the key that signs is on the list of old keys already", async () => {
    const both = JSON.stringify({ main: next });
    expect((await ask(production({ JWT_VERIFICATION_KEYS: both }), "/health")).status).toBe(200);
  });

  it("it works with random keys", async () => {
    const old = JSON.stringify({ old: [...next].reverse().join("") });
    expect((await ask(production({ JWT_VERIFICATION_KEYS: old }), "/health")).status).toBe(200);
  });
});

describe("A configuration error", () => {
  it("names the variable and never its value", () => {
    const broken = () =>
      keyRingOf(settingsSchema.parse({ JWT_SECRET_KEY: next, JWT_VERIFICATION_KEYS: `{"x":"${next}` }));
    expect(broken).toThrow("JWT_VERIFICATION_KEYS");
    expect(broken).not.toThrow(next);
  });
});
