import { expect, it } from "vitest";
import { Pace } from "#durable-objects/conversation/pace.ts";

const minute = 60_000;

it("Twenty messages a minute are taken, and the next when the first of them is a minute old", () => {
  const pace = new Pace();
  for (let at = 0; at < 20; at++) {
    expect(pace.waitOf("ada", at * 1000)).toBe(0);
    pace.note("ada", at * 1000);
  }
  expect(pace.waitOf("ada", 20_000)).toBe(40_000);
  expect(pace.waitOf("bob", 20_000)).toBe(0);
  expect(pace.waitOf("ada", minute)).toBe(0);
});

it("Three hundred an hour are taken, however they are spread", () => {
  const pace = new Pace();
  for (let number = 0; number < 300; number++) pace.note("ada", number * 10_000);
  expect(pace.waitOf("ada", 3_000_000)).toBe(600_000);
});

it("A clock that is put back locks nobody", () => {
  const pace = new Pace();
  for (let number = 0; number < 20; number++) pace.note("ada", 10_000_000 + number);
  expect(pace.waitOf("ada", 5_000_000)).toBe(0);
});
