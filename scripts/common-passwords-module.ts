/**
 * The source of `src/identity/passwords/common-passwords.ts`: those of the most common
 * passwords that the other rules would let pass in some letters, in lower case.
 */
export function commonPasswordsModule(maxCommon: readonly string[]): string {
  const possible = maxCommon.filter(
    (word) => word.length >= 8 && /\d/.test(word) && /\p{Ll}/u.test(word) && !/[\s"\\]/.test(word),
  );
  return `// Made by \`npm run common-passwords\` from @zxcvbn-ts/language-common (MIT); the most common first.
export const commonPasswords =
  "${possible.join(" ")}";
`;
}
