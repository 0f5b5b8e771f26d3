import { expect, it } from "vitest";
import { cameToNothing } from "#durable-objects/tenant-workflows/delivery/came-to-nothing.ts";
import { refusal, success } from "#src/kernel/outcome.ts";

it.each([
  ["a refusal", refusal("NOT_FOUND", "No such run"), true],
  ["a report that came too late", { applied: false }, true],
  ["a success, whatever its value says", success({ applied: false }), false],
  ["a report that counts", { applied: true }, false],
  ["a number, none of what is counted being left", 0, false],
  ["a list, of nothing", [], false],
  ["nothing, of a call that gives nothing", undefined, false],
])("What a call gives tells whether it has written: %s", (_, outcome, nothing) => {
  expect(cameToNothing(outcome)).toBe(nothing);
});
