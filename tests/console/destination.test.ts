import { expect, it } from "vitest";
import { destination } from "#console/session/destination.ts";

it.each([
  ["/runs?status=failed", "/runs?status=failed"],
  [undefined, "/"],
  ["https://elsewhere.example/", "/"],
  ["//elsewhere.example/", "/"],
  ["/\\elsewhere.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?to=/sign-in", "/"],
])("A sign-in that was asked to lead to %s leads to %s", (wanted, led) => {
  expect(destination(wanted)).toBe(led);
});
