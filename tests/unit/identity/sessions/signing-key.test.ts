import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { inProduction } from "#tests/support/settings.ts";
import { createClient } from "#tests/support/users.ts";
import gateway from "#workers/gateway/index.ts";

const strong = "q8Zt3vXw1Lr7Yb5Nc9Kd2Mf6Hg4Js0Pa";

/** Asks a gateway whose settings differ. */
const ask = (settings: Record<string, string | undefined>, path: string, init?: RequestInit) =>
  gateway.fetch(
    new Request(`http://platform.test${path}`, init),
    { ...env, ...inProduction, ...settings },
    createExecutionContext(),
  );

const weak: [string, string | undefined][] = [
  ["missing", undefined],
  ["empty", ""],
  ["blank", " ".repeat(40)],
  ["a letter short of 32", strong.slice(0, 31)],
  ["one letter repeated", "a".repeat(64)],
  ["two letters repeated", "ab".repeat(32)],
  ["the tests' own", "test-signing-key-of-at-least-32-characters"],
  ["hexadecimal digits in their order, twice", "0123456789abcdef0123456789abcdef"],
  ["counted once", "0123456789abcdefghijklmnopqrstuvwxyz"],
  ["counted down, in capitals", "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210"],
  ["a keyboard's rows", "qwertyuiopasdfghjklzxcvbnm1234567890"],
  ["a good one of sixteen letters, twice", strong.slice(0, 16).repeat(2)],
  ["a word again and again, and a number", `${"Passw0rd!".repeat(4)}2026`],
  ["an example's", "your-secret-key-change-me-in-production-1234"],
  ["another example's", "super-secret-jwt-signing-value-0123456789"],
];

describe("In production nothing is answered while the signing key is", () => {
  it.each(weak)("%s", async (_, JWT_SECRET_KEY) => {
    for (const path of ["/health", "/openapi.json", "/api/v1/subscription/tiers", "/nothing"]) {
      const answer = await ask({ JWT_SECRET_KEY }, path);
      expect(answer.status, path).toBe(503);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
      if (JWT_SECRET_KEY?.trim()) expect(text).not.toContain(JWT_SECRET_KEY);
    }
  });

  it.each(["{}x", '{"old":"short"}', '["a"]'])("good and the older keys are %s", async (keys) => {
    const settings = { JWT_SECRET_KEY: strong, JWT_VERIFICATION_KEYS: keys };
    expect((await ask(settings, "/health")).status).toBe(503);
  });

  it("missing: no account is made that could not sign in", async () => {
    await createClient("signing_key");
    const email = "nobody@signing-key.example";
    const answer = await ask({ JWT_SECRET_KEY: undefined }, "/api/v1/auth/register", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password: "Correct-Horse-9", client_id: "signing_key" }),
    });
    expect(answer.status).toBe(503);
    expect(await env.DB.prepare("SELECT id FROM users WHERE email = ?").bind(email).first()).toBeNull();
  });
});

it("With a strong key it is answered, in production too", async () => {
  expect((await ask({ JWT_SECRET_KEY: strong }, "/health")).status).toBe(200);
});

it("A random secret is taken, whatever it is written in", async () => {
  for (let round = 0; round < 20; round++) {
    const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(32)));
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      const JWT_SECRET_KEY = bytes.toString(encoding);
      expect((await ask({ JWT_SECRET_KEY }, "/openapi.json")).status, JWT_SECRET_KEY).toBe(200);
    }
  }
  const shortest = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
  expect((await ask({ JWT_SECRET_KEY: shortest }, "/health")).status, shortest).toBe(200);
});
