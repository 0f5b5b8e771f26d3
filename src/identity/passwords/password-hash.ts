import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * scrypt at OWASP's minimum for 32 MB of memory (N = 2^15, r = 8, p = 3): an
 * isolate has 128 MB, so the N = 2^17 variant does not fit. Native in workerd,
 * about half the time of argon2id in JavaScript.
 */
const current = { logN: 15, r: 8, p: 3 };
const keyLength = 32;

const derive = (password: string, salt: Buffer, { logN, r, p }: typeof current): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** logN, r, p, maxmem: 160 * r * 2 ** logN };
    scrypt(password.normalize("NFKC"), salt, keyLength, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

const base64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");

/** The PHC string of a password; parameters live in it, so they can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, current);
  return `$scrypt$ln=${current.logN},r=${current.r},p=${current.p}$${base64(salt)}$${base64(key)}`;
}

const phc = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether the password belongs to the PHC string; `outdated` asks for a new hash with today's parameters. */
export async function verifyPassword(
  password: string,
  hash: string,
): Promise<{ valid: boolean; outdated: boolean }> {
  const [, logN, r, p, salt = "", expected = ""] = phc.exec(hash) ?? [];
  const parameters = { logN: Number(logN), r: Number(r), p: Number(p) };
  // An unusable hash (no password was ever set) costs as much as a wrong password.
  const usable = logN !== undefined;
  const key = await derive(password, Buffer.from(salt, "base64"), usable ? parameters : current);
  const stored = Buffer.from(expected, "base64");
  const valid = usable && stored.length === key.length && timingSafeEqual(key, stored);
  const outdated = parameters.logN < current.logN || parameters.r < current.r || parameters.p < current.p;
  return { valid, outdated };
}

/** Spends what verifying a password costs, for accounts that do not exist. */
export const verifyNothing = (password: string) => verifyPassword(password, "");
