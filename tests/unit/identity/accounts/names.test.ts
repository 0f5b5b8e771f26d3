import { describe, expect, it } from "vitest";
import { namesOf } from "#src/identity/accounts/names.ts";

describe("A person's name", () => {
  it.each([
    [{ name: "Ada Lovelace" }, "Ada", "Lovelace"],
    [{ name: "Gabriel José de la Concordia" }, "Gabriel José de la", "Concordia"],
    [{ name: "Ada  Lovelace" }, "Ada", "Lovelace"],
    [{ name: "Plato" }, "Plato", undefined],
    [{ name: "" }, "", undefined],
    [{ first_name: "Ada", last_name: "King Lovelace" }, "Ada", "King Lovelace"],
    [{ first_name: "Ada" }, "Ada", undefined],
    [{}, undefined, undefined],
  ])("given as %j is %s, %s", (given, firstName, lastName) => {
    expect(namesOf(given)).toEqual({ firstName, lastName });
  });

  it.each([
    [{ name: "Ada Lovelace", first_name: "Ada" }],
    [{ name: "Ada Lovelace", last_name: "King" }],
    [{ name: "a".repeat(101) }],
    [{ name: `${"a".repeat(99)} ${"b".repeat(101)}` }],
  ])("is refused as %j", (given) => {
    expect(() => namesOf(given)).toThrow(expect.objectContaining({ code: "VALIDATION_ERROR" }));
  });
});
