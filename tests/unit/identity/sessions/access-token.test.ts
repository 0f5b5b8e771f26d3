import { SignJWT } from "jose";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { signAccessToken, type TokenHolder, verifyAccessToken } from "#src/identity/sessions/access-token.ts";
import { settingsSchema } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";

const secret = "tQ8rVn2LzJd5XbKs7MwPfYc4HgUa9EoT";
const settings = (more: object = {}) => settingsSchema.parse({ JWT_SECRET_KEY: secret, ...more });
const ring = keyRingOf(settings());
const now = Date.UTC(2026, 0, 1);
const lifetimeSeconds = 3600;
const actor: TokenHolder = {
  kind: "user",
  userId: uuidv7(),
  email: "a@b.test",
  clientId: "tenant",
  role: "user",
  tier: "free",
  permissions: ["personas.create"],
  sessionId: uuidv7(),
  scope: "tenant",
};

const sign = (at = now) => signAccessToken(actor, ring, { now: at, lifetimeSeconds });
const verify = (token: string, at = now) =>
  verifyAccessToken(token, ring, { now: at, lifetimeSeconds, operatorClientId: "operator" });

const encode = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decode = (part = "") => JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));

/** A token of our own claims, signed as the attack wants it. */
const forge = async (change: {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: string;
}): Promise<string> => {
  const [, payload] = (await sign()).split(".");
  return new SignJWT({ ...decode(payload), ...change.claims })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "main", ...change.header })
    .sign(new TextEncoder().encode(change.key ?? secret));
};

describe("An access token", () => {
  it("carries its caller from signing to verification", async () => {
    expect((await verify(await sign())).actor).toEqual(actor);
  });

  it("verifies with an older key of the ring while that is kept", async () => {
    const token = await sign();
    const rotated = settings({
      JWT_SECRET_KEY: "mB3xWq6ZtRk9NvGh2SdLpJf8CyUe5AoI",
      JWT_KEY_ID: "next",
      JWT_VERIFICATION_KEYS: JSON.stringify({ main: secret }),
    });
    const { actor: caller } = await verifyAccessToken(token, keyRingOf(rotated), {
      now,
      lifetimeSeconds,
      operatorClientId: undefined,
    });
    expect(caller.userId).toBe(actor.userId);
  });

  it("ends after its lifetime", async () => {
    await expect(verify(await sign(), now + 3_610_000)).rejects.toMatchObject({ code: "TOKEN_EXPIRED" });
  });
});

describe("A forged access token is refused", () => {
  const attacks: [string, () => Promise<string>][] = [
    [
      "without a signature (alg none)",
      async () => {
        const [, payload] = (await sign()).split(".");
        return `${encode({ alg: "none", typ: "at+jwt", kid: "main" })}.${payload}.`;
      },
    ],
    [
      "with alg None in other letters",
      async () => {
        const [, payload, signature] = (await sign()).split(".");
        return `${encode({ alg: "nOnE", typ: "at+jwt", kid: "main" })}.${payload}.${signature}`;
      },
    ],
    ["with another algorithm of the same family", () => forge({ header: { alg: "HS512" } })],
    ["with another key", () => forge({ key: "an-entirely-different-secret-0123456789" })],
    ["with another issuer", () => forge({ claims: { iss: "somebody-else" } })],
    ["with another token type", () => forge({ header: { typ: "JWT" } })],
    ["with an unknown kid", () => forge({ header: { kid: "../../dev/null" } })],
    ["without a kid", () => forge({ header: { kid: undefined } })],
    [
      "with a tampered payload",
      async () => {
        const [header, payload, signature] = (await sign()).split(".");
        return `${header}.${encode({ ...decode(payload), role: "admin" })}.${signature}`;
      },
    ],
    ["that is not valid yet", () => forge({ claims: { nbf: now / 1000 + 600 } })],
    [
      "that was issued in the future",
      () => forge({ claims: { iat: now / 1000 + 600, nbf: now / 1000 + 600 } }),
    ],
    ["that never ends", () => forge({ claims: { exp: undefined } })],
    ["that lives longer than any token may", () => forge({ claims: { exp: now / 1000 + 86_400 } })],
    ["for a role that does not exist", () => forge({ claims: { role: "root" } })],
    ["whose subject is not its user", () => forge({ claims: { sub: uuidv7() } })],
    ["that is no token at all", async () => "a.b.c"],
  ];
  it.each(attacks)("%s", async (_, attack) => {
    await expect(verify(await attack())).rejects.toMatchObject({ code: "TOKEN_INVALID" });
  });
});

describe("A signing key", () => {
  it.each([
    ["missing", undefined],
    ["short", "short"],
    ["of one repeated letter", "a".repeat(64)],
  ])("that is %s is refused", (_, key) => {
    expect(() => keyRingOf(settingsSchema.parse({ JWT_SECRET_KEY: key }))).toThrow("JWT_SECRET_KEY");
  });
});
