import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { testSettings } from "#tests/support/settings.ts";
import gateway from "#workers/gateway/index.ts";
import { bearer, forge, secret } from "./forging.ts";

describe("A key of the ring", () => {
  const rotated = {
    ...testSettings,
    JWT_SECRET_KEY: "another-secret-of-enough-length-0123456789",
    JWT_KEY_ID: "next",
  };
  const askWith = async (settings: Record<string, string>, token: string) => {
    const request = new Request("http://platform.test/api/v1/projects", { headers: bearer(token) });
    return (await gateway.fetch(request, { ...env, ...settings }, createExecutionContext())).status;
  };

  it("verifies while it is kept, and not when it is retired", async () => {
    const kept = { ...rotated, JWT_VERIFICATION_KEYS: JSON.stringify({ main: secret }) };
    expect(await askWith(kept, forge({ claims: { jti: "kept" } }))).toBe(200);
    expect(await askWith(rotated, forge({ claims: { jti: "retired" } }))).toBe(401);
  });

  it("verifies under its own id only", async () => {
    const kept = { ...rotated, JWT_VERIFICATION_KEYS: JSON.stringify({ main: secret }) };
    expect(await askWith(kept, forge({ header: { kid: "next" }, claims: { jti: "mixed" } }))).toBe(401);
  });
});
