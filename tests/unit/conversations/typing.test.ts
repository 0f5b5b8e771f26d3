import { describe, expect, it } from "vitest";
import { Typing } from "#src/conversations/index.ts";

describe("Typing", () => {
  it("is told, and told no more often than every two seconds", () => {
    const typing = new Typing();
    expect([0, 100, 1999, 2000, 3000].map((now) => typing.says("ada", true, now))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it("of one person says nothing of another", () => {
    const typing = new Typing();
    expect([typing.says("ada", true, 0), typing.says("bob", true, 1)]).toEqual([true, true]);
  });

  it("ends when somebody says so, once", () => {
    const typing = new Typing();
    typing.says("ada", true, 0);
    expect([typing.says("ada", false, 1), typing.says("ada", false, 2)]).toEqual([true, false]);
  });

  it("does not begin anew too soon after it has ended", () => {
    const typing = new Typing();
    typing.says("ada", true, 0);
    typing.says("ada", false, 1);
    expect([typing.says("ada", true, 2), typing.says("ada", false, 3)]).toEqual([false, false]);
  });

  it("ends by itself six seconds after it was last said", () => {
    const typing = new Typing();
    typing.says("ada", true, 0);
    typing.says("ada", true, 3000);
    expect([6000, 8999, 9000, 9001].map((now) => typing.ends("ada", now))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
