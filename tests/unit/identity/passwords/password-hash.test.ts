import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "#src/identity/passwords/password-hash.ts";

describe("A password hash", () => {
  it("is a PHC string with parameters at OWASP's minimum or above", async () => {
    expect(await hashPassword("Correct-Horse-9")).toMatch(
      /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it("fits its password and no other, and is salted", async () => {
    const [hash, again] = await Promise.all([
      hashPassword("Correct-Horse-9"),
      hashPassword("Correct-Horse-9"),
    ]);
    expect(again).not.toBe(hash);
    expect(await verifyPassword("Correct-Horse-9", hash)).toEqual({ valid: true, outdated: false });
    expect(await verifyPassword("correct-horse-9", hash)).toMatchObject({ valid: false });
  });

  it("with weaker parameters still verifies, and asks to be renewed", async () => {
    // scrypt("password", "NaCl…") with N = 2^14, r = 8, p = 1, made with Node.
    const weak = `$scrypt$ln=14,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$${await weakKey()}`;
    expect(await verifyPassword("Old-Password-1", weak)).toEqual({ valid: true, outdated: true });
  });

  it("that is unusable fits nothing", async () => {
    expect(await verifyPassword("", "none")).toMatchObject({ valid: false });
  });
});

async function weakKey(): Promise<string> {
  const { scryptSync } = await import("node:crypto");
  const key = scryptSync("Old-Password-1", Buffer.alloc(16), 32, { N: 2 ** 14, r: 8, p: 1 });
  return key.toString("base64").replaceAll("=", "");
}
