import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonPasswords } from "#src/identity/passwords/common-passwords.ts";
import { checkNewPassword } from "#src/identity/passwords/password-policy.ts";
import { newPasswordSchema } from "#src/identity/schemas.ts";

const accepts = (password: string) => newPasswordSchema.safeParse(password).success;

describe("A new password", () => {
  it.each([
    ["of eight characters", "Corr3ctX"],
    ["of 128 characters", `Aa1${"-".repeat(125)}`],
    ["in other letters", "Ärger-mit-4-Ölen"],
    ["with a common one inside", "my-Password123-tale"],
  ])("%s is accepted", (_, password) => {
    expect(accepts(password)).toBe(true);
  });

  it.each([
    ["of seven characters", "Corr3ct"],
    ["of 129 characters", `Aa1${"-".repeat(126)}`],
    ["without a digit", "Correct-Horse"],
    ["without an upper-case letter", "correct-horse-9"],
    ["without a lower-case letter", "CORRECT-HORSE-9"],
    ["that is empty", ""],
    ["that is common", "Password1"],
    ["that is common in odd letters", "pAsSwOrD123"],
    ["that is common with signs around it", "!!Qwerty123!!"],
    ["that is common in wide letters", "Ｐassword1"],
  ])("%s is refused", (_, password) => {
    expect(accepts(password)).toBe(false);
  });

  it("from the list is refused in whatever letters", () => {
    const words = commonPasswords.split(" ");
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.nat(), (word, upper) => {
        const cased = [...word].map((letter, at) => ((upper >> at) & 1 ? letter.toUpperCase() : letter));
        expect(accepts(cased.join(""))).toBe(false);
      }),
    );
  });

  it("is not one's e-mail address", () => {
    expect(() => checkNewPassword("Ada@Engine1.test", "ada@engine1.test")).toThrow(
      expect.objectContaining({ code: "VALIDATION_ERROR" }),
    );
  });
});
