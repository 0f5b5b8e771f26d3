import { describe, expect, it } from "vitest";
import { Wishes } from "#client/wishes.ts";

const nobody = () => {};

describe("What a connection listens to", () => {
  it("is asked for when the first begins, and no longer when the last has stopped", () => {
    const wishes = new Wishes();
    const another = () => {};
    expect(wishes.add("execution.*", undefined, nobody)).toBe(true);
    expect(wishes.add("execution.*", undefined, another)).toBe(false);
    expect(wishes.remove("execution.*", undefined, nobody)).toBe(false);
    expect(wishes.remove("execution.*", undefined, nobody)).toBe(false);
    expect(wishes.remove("execution.*", undefined, another)).toBe(true);
    expect(wishes.all).toBeUndefined();
  });

  it("is said as one subscription: of everything, and of single things", () => {
    const wishes = new Wishes();
    wishes.add("execution.*", undefined, nobody);
    wishes.add("execution.delta", "run", nobody);
    wishes.add("execution.reset", "run", nobody);
    expect(wishes.all).toEqual({
      events: ["execution.*"],
      watched: [{ entity_id: "run", events: ["execution.delta", "execution.reset"] }],
    });
  });

  it("is told to each once, also to who stops while it is told", () => {
    const wishes = new Wishes();
    const heard: string[] = [];
    const once = () => {
      heard.push("once");
      wishes.remove("a.*", undefined, once);
    };
    wishes.add("a.*", undefined, once);
    wishes.add("a.*", undefined, () => heard.push("always"));
    const event = { event: "user.created", data: { user_id: "u", email: "e", role: "user" } } as const;
    wishes.tell(Object.assign(JSON.parse("{}"), event));
    wishes.tell(Object.assign(JSON.parse("{}"), event));
    expect(heard).toEqual(["once", "always", "always"]);
  });
});
