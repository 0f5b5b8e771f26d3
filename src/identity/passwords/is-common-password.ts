import { commonPasswords } from "./common-passwords.ts";

let known: Set<string> | undefined;

/**
 * Whether a password is one of the most common ones, in whatever letters and
 * with whatever signs around it (`Password123!`).
 */
export function isCommonPassword(password: string): boolean {
  known ??= new Set(commonPasswords.split(" "));
  const plain = password.normalize("NFKC").toLowerCase();
  return known.has(plain) || known.has(plain.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
}
