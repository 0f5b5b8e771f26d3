import { createHmac } from "node:crypto";
import { beforeAll, expect } from "vitest";
import { signedIn } from "#tests/support/accounts.ts";
import { call } from "#tests/support/api.ts";
import { testSettings } from "#tests/support/settings.ts";

export const secret = testSettings.JWT_SECRET_KEY;

type Json = Record<string, unknown>;

export const base64 = (value: string | Buffer) => Buffer.from(value).toString("base64url");

export const encode = (value: unknown) => base64(JSON.stringify(value));

export const decode = (part = ""): Json => JSON.parse(Buffer.from(part, "base64url").toString());

export const hmac = (hash: string, key: string) => (input: string) =>
  createHmac(hash, key).update(input).digest("base64url");

export const hs256 = hmac("sha256", secret);

/** Who is attacked, with an access token of parts and claims: signed in before the tests of the file that imports this. */
export let owner: Awaited<ReturnType<typeof signedIn>>;
export let parts: string[];
export let claims: Json;

beforeAll(async () => {
  owner = await signedIn("token_attacks");
  parts = owner.token.split(".");
  claims = decode(parts[1]);
});

interface Forgery {
  header?: Json;
  claims?: Json;
  /** Makes the signature from `header.payload`. */
  sign?: (input: string) => string;
}

/** The owner's token, signed as ours are, but for the change. What is `undefined` is left out. */
export const forge = ({ header, claims: change, sign = hs256 }: Forgery = {}): string => {
  const input = `${encode({ alg: "HS256", typ: "at+jwt", kid: "main", ...header })}.${encode({ ...claims, ...change })}`;
  return `${input}.${sign(input)}`;
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Every way in that takes an access token. */
export const waysIn: [string, (headers: HeadersInit) => Promise<Response>][] = [
  ["GET /projects", (headers) => call("/api/v1/projects", { headers })],
  ["POST /auth/validate", (headers) => call("/api/v1/auth/validate", { method: "POST", headers })],
  ["GET /ws", (headers) => call("/api/v1/ws", { headers: { ...headers, upgrade: "websocket" } })],
];

export async function expectRefused(headers: Record<string, string>): Promise<void> {
  for (const [name, ask] of waysIn) {
    const answer = await ask(headers);
    expect(answer.status, name).toBe(401);
    expect(["UNAUTHORIZED", "TOKEN_INVALID", "TOKEN_EXPIRED"]).toContain(
      (await answer.json<{ error: string }>()).error,
    );
  }
}
