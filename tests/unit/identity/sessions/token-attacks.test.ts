import { generateKeyPairSync, sign as signWith } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import {
  base64,
  bearer,
  claims,
  decode,
  encode,
  expectRefused,
  forge,
  hmac,
  hs256,
  owner,
  parts,
  secret,
  waysIn,
} from "./forging.ts";

const hour = 3600;

const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });

const jwk = { ...attacker.publicKey.export({ format: "jwk" }), kid: "main", alg: "RS256", use: "sig" };

const rs256 = (input: string) =>
  signWith("sha256", Buffer.from(input), attacker.privateKey).toString("base64url");

const now = () => Math.floor(Date.now() / 1000);

describe("What the attacks start from", () => {
  it("is a token that every way in accepts, also when it was signed here", async () => {
    for (const token of [owner.token, forge()]) {
      for (const [name, ask] of waysIn) {
        const answer = await ask(bearer(token));
        expect([200, 101], name).toContain(answer.status);
        answer.webSocket?.accept();
        answer.webSocket?.close();
        await answer.body?.cancel();
      }
    }
  });

  it("may come with the scheme in other letters", async () => {
    for (const scheme of ["bearer", "BEARER"]) {
      const answer = await call("/api/v1/projects", {
        headers: { authorization: `${scheme} ${owner.token}` },
      });
      expect(answer.status).toBe(200);
    }
  });
});

const algorithms: [string, () => string][] = [
  ...["none", "None", "NONE", "nOnE"].flatMap((alg): [string, () => string][] => [
    [`${alg}, unsigned`, () => forge({ header: { alg }, sign: () => "" })],
    [`${alg}, with a signature that fits`, () => forge({ header: { alg } })],
    [`${alg} without the last dot`, () => forge({ header: { alg }, sign: () => "" }).slice(0, -1)],
  ]),
  ["HS384 with our secret", () => forge({ header: { alg: "HS384" }, sign: hmac("sha384", secret) })],
  ["HS512 with our secret", () => forge({ header: { alg: "HS512" }, sign: hmac("sha512", secret) })],
  ["hs256 in small letters", () => forge({ header: { alg: "hs256" } })],
  ["RS256 over an HMAC of our secret", () => forge({ header: { alg: "RS256" } })],
  ["PS256 over an HMAC of our secret", () => forge({ header: { alg: "PS256" } })],
  ["ES256 over an HMAC of our secret", () => forge({ header: { alg: "ES256" } })],
  ["RS256 with the attacker's key", () => forge({ header: { alg: "RS256" }, sign: rs256 })],
  ["none at all", () => forge({ header: { alg: undefined } })],
  ["a list", () => forge({ header: { alg: ["HS256"] } })],
  ["empty", () => forge({ header: { alg: "" } })],
];

const keys: [string, () => string][] = [
  ["another key", () => forge({ sign: hmac("sha256", "an-entirely-different-secret-0123456789") })],
  ["an empty key", () => forge({ sign: hmac("sha256", "") })],
  ["a kid that nobody knows", () => forge({ header: { kid: "other" } })],
  [
    "a kid that is a path",
    () => forge({ header: { kid: "../../../../dev/null" }, sign: hmac("sha256", "") }),
  ],
  [
    "a kid that is SQL",
    () => forge({ header: { kid: "x' UNION SELECT 'known" }, sign: hmac("sha256", "known") }),
  ],
  ["a kid that is a command", () => forge({ header: { kid: "main|cat /etc/passwd" } })],
  ["an empty kid", () => forge({ header: { kid: "" } })],
  ["no kid", () => forge({ header: { kid: undefined } })],
  ["a kid of null", () => forge({ header: { kid: null } })],
  ["a kid that is a list", () => forge({ header: { kid: ["main"] } })],
  ["a kid that is an object", () => forge({ header: { kid: { main: "main" } } })],
  ["a kid that is a number", () => forge({ header: { kid: 0 } })],
  ["a kid in other letters", () => forge({ header: { kid: "MAIN" } })],
  ["a kid that every object has", () => forge({ header: { kid: "__proto__" } })],
  ["a kid that is a method", () => forge({ header: { kid: "constructor" } })],
  ["a jwk of the attacker", () => forge({ header: { alg: "RS256", jwk }, sign: rs256 })],
  [
    "a jwk that is a secret",
    () => {
      const key = { kty: "oct", k: base64("attacker-secret"), alg: "HS256" };
      return forge({ header: { jwk: key }, sign: hmac("sha256", "attacker-secret") });
    },
  ],
  [
    "a jku of the attacker",
    () => forge({ header: { alg: "RS256", jku: "http://127.0.0.1:9/jwks.json" }, sign: rs256 }),
  ],
  [
    "an x5u of the attacker",
    () => forge({ header: { alg: "RS256", x5u: "http://127.0.0.1:9/cert.pem" }, sign: rs256 }),
  ],
  ["an x5c of the attacker", () => forge({ header: { alg: "RS256", x5c: ["MIIB"] }, sign: rs256 })],
  ["a critical extension that nobody knows", () => forge({ header: { crit: ["exp"], exp: true } })],
];

const tampered: [string, () => string][] = [
  ["a role", () => `${parts[0]}.${encode({ ...claims, role: "admin" })}.${parts[2]}`],
  ["a tenant", () => `${parts[0]}.${encode({ ...claims, client_id: "somebody_else" })}.${parts[2]}`],
  ["the time it ends", () => `${parts[0]}.${encode({ ...claims, exp: now() + 99 * hour })}.${parts[2]}`],
  ["its header", () => `${encode({ ...decode(parts[0]), typ: "JWT" })}.${parts[1]}.${parts[2]}`],
  ["its signature, gone", () => `${parts[0]}.${parts[1]}.`],
  ["its signature, cut", () => owner.token.slice(0, -2)],
  [
    "its signature, of another token",
    () => `${parts[0]}.${parts[1]}.${forge({ claims: { jti: "x" } }).split(".")[2]}`,
  ],
  ["a fourth part", () => `${owner.token}.${parts[2]}`],
  [
    "a payload that is no JSON",
    () => {
      const input = `${parts[0]}.${base64("hello")}`;
      return `${input}.${hs256(input)}`;
    },
  ],
  [
    "a payload that is a list",
    () => {
      const input = `${parts[0]}.${encode([claims])}`;
      return `${input}.${hs256(input)}`;
    },
  ],
];

const times: [string, () => string][] = [
  ["over", () => forge({ claims: { iat: now() - 2 * hour, nbf: now() - 2 * hour, exp: now() - hour } })],
  ["over for six seconds", () => forge({ claims: { iat: now() - hour, nbf: now() - hour, exp: now() - 6 } })],
  ["not begun", () => forge({ claims: { nbf: now() + 60, exp: now() + 120 } })],
  ["issued in the future", () => forge({ claims: { iat: now() + 60, nbf: now() - 1, exp: now() + 120 } })],
  ["longer than any may be", () => forge({ claims: { exp: now() + 2 * hour } })],
  ["issued too long ago", () => forge({ claims: { iat: now() - 2 * hour, exp: now() + 60 } })],
  ["endless", () => forge({ claims: { exp: undefined } })],
  ["a text", () => forge({ claims: { exp: String(now() + 60) } })],
  ["beyond all numbers", () => forge({ claims: { exp: 1e308 } })],
  ["negative", () => forge({ claims: { exp: -1 } })],
];

const required = [
  "iss",
  "sub",
  "user_id",
  "email",
  "client_id",
  "role",
  "tier",
  "permissions",
  "sid",
  "jti",
  "iat",
  "nbf",
  "exp",
];

const claimed: [string, () => string][] = [
  ...required.map((name): [string, () => string] => [
    `without ${name}`,
    () => forge({ claims: { [name]: undefined } }),
  ]),
  ["of another issuer", () => forge({ claims: { iss: "somebody-else" } })],
  ["of two issuers", () => forge({ claims: { iss: ["ai-persona-system", "somebody-else"] } })],
  ["whose subject is not its user", () => forge({ claims: { sub: uuidv7() } })],
  ["for a role that does not exist", () => forge({ claims: { role: "root" } })],
  ["for a tier that does not exist", () => forge({ claims: { tier: "unlimited" } })],
  ["with permissions in one text", () => forge({ claims: { permissions: "*" } })],
  ["of a tenant that cannot be", () => forge({ claims: { client_id: "../other" } })],
  ["of a session that cannot be", () => forge({ claims: { sid: "x" } })],
];

const kinds: [string, () => string][] = [
  ["JWT", () => forge({ header: { typ: "JWT" } })],
  ["rt+jwt", () => forge({ header: { typ: "rt+jwt" } })],
  ["of an identity token", () => forge({ header: { typ: "id_token" } })],
  ["a list", () => forge({ header: { typ: ["at+jwt"] } })],
  ["missing", () => forge({ header: { typ: undefined } })],
];

const others: [string, () => string][] = [
  ["a refresh token", () => owner.refreshToken],
  ["an encrypted token", () => [...parts, ...parts].slice(0, 5).join(".")],
  ["nonsense", () => "a.b.c"],
  ["dots", () => ".."],
  [
    "60 KB of permissions, signed",
    () => forge({ claims: { permissions: Array.from({ length: 600 }, () => "p".repeat(72)) } }),
  ],
  ["60 KB of letters", () => "a".repeat(60_000)],
];

describe.each([
  ["An algorithm", algorithms],
  ["A token signed with", keys],
  ["A token with a change in", tampered],
  ["A time that is", times],
  ["A token", claimed],
  ["A type", kinds],
  ["Instead of a token", others],
])("%s", (_, attacks) => {
  it.each(attacks)("%s: is refused everywhere", async (_name, attack) => {
    await expectRefused(bearer(attack()));
  });
});
