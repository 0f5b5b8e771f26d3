import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Held, type Holder, statusUnder, withChange } from "#src/conversations/holder.ts";
import type { HolderChange } from "#src/objects/holder-contract.ts";

const people = ["ada", "bob"] as const;
const person = fc.constantFrom(...people);
const holders = fc.constantFrom<Holder>("persona", "queue", "user:ada", "user:bob");
const changes: fc.Arbitrary<HolderChange> = fc.oneof(
  fc.record({ action: fc.constant("handover" as const) }),
  fc.record({ action: fc.constant("absence" as const), of: person }),
  fc.record({ action: fc.constant("take" as const), by: person, force: fc.boolean() }),
  fc.record({ action: fc.constant("assign" as const), to: person, keepPersona: fc.boolean() }),
  fc.record({ action: fc.constant("release" as const), by: person }),
  fc.record({ action: fc.constant("handBack" as const), by: person, isAdmin: fc.boolean() }),
);

const held = (holder: Holder, adminId: string | null = null): Held => ({ holder, adminId, epoch: 7 });

describe("Who holds a conversation", () => {
  it("changes with its epoch: a new holder begins one, and without a new holder none begins", () => {
    fc.assert(
      fc.property(holders, changes, (holder, change) => {
        const before = held(holder);
        const after = withChange(before, change);
        if (after) expect(after.epoch - before.epoch).toBe(after.holder === before.holder ? 0 : 1);
      }),
    );
  });

  it.each<[string, Holder, HolderChange, Holder | undefined]>([
    ["is asked for", "persona", { action: "handover" }, "queue"],
    ["is asked for once", "queue", { action: "handover" }, undefined],
    ["takes from the persona", "persona", { action: "take", by: "ada", force: false }, "user:ada"],
    ["takes from the queue", "queue", { action: "take", by: "ada", force: false }, "user:ada"],
    ["takes from nobody else", "user:bob", { action: "take", by: "ada", force: false }, undefined],
    ["takes from somebody else by force", "user:bob", { action: "take", by: "ada", force: true }, "user:ada"],
    ["is assigned", "user:bob", { action: "assign", to: "ada", keepPersona: false }, "user:ada"],
    ["is named beside the persona", "persona", { action: "assign", to: "ada", keepPersona: true }, "persona"],
    ["hands back", "user:ada", { action: "handBack", by: "ada", isAdmin: false }, "persona"],
    ["hands back nobody else's", "user:bob", { action: "handBack", by: "ada", isAdmin: false }, undefined],
    ["hands back as an admin", "user:bob", { action: "handBack", by: "ada", isAdmin: true }, "persona"],
    ["has nothing to hand back", "queue", { action: "handBack", by: "ada", isAdmin: true }, undefined],
    ["releases", "user:ada", { action: "release", by: "ada" }, "queue"],
    ["releases nobody else's", "user:bob", { action: "release", by: "ada" }, undefined],
    ["is absent", "user:ada", { action: "absence", of: "ada" }, "queue"],
    ["is absent who holds nothing", "user:bob", { action: "absence", of: "ada" }, undefined],
    ["is not there to be absent", "persona", { action: "absence", of: "ada" }, undefined],
  ])("A person %s", (_, holder, change, expected) => {
    expect(withChange(held(holder), change)?.holder).toBe(expected);
  });

  it("says whether the conversation waits for somebody", () => {
    const all: Holder[] = ["persona", "queue", "user:ada"];
    expect(all.map(statusUnder)).toEqual(["active", "waiting", "active"]);
  });
});
