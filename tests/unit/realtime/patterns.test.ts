import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, matchesAny } from "#client/patterns.ts";
import { patternShape } from "#src/realtime/patterns.ts";

describe("An event pattern", () => {
  it.each([
    ["execution.completed", "execution.completed", true],
    ["execution.completed", "execution.failed", false],
    ["execution.*", "execution.failed", true],
    ["execution.*", "execution", false],
    ["execution.*", "instance.execution.failed", false],
    ["instance.status.*", "instance.status.changed", true],
    ["instance.*", "instance.status.changed", false],
    ["instance.**", "instance.status.changed", true],
    ["instance.**", "instance", true],
    ["**", "anything.at.all", true],
    ["*.created", "instance.created", true],
  ])("%s on %s: %s", (pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  const name = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 });

  it("matches itself, and with any one segment starred", () => {
    fc.assert(
      fc.property(name, fc.nat(3), (segments, index) => {
        const starred = segments.map((segment, at) => (at === index ? "*" : segment));
        expect(matches(segments.join("."), segments.join("."))).toBe(true);
        expect(matches(starred.join("."), segments.join("."))).toBe(true);
      }),
    );
  });

  it("ending in ** matches everything below, and nothing beside", () => {
    fc.assert(
      fc.property(name, name, (prefix, rest) => {
        expect(matches([...prefix, "**"].join("."), [...prefix, ...rest].join("."))).toBe(true);
        expect(matches([...prefix, "**"].join("."), ["z", ...rest].join("."))).toBe(false);
      }),
    );
  });

  it.each(["", ".", "a..b", "a.**.b", "a.b*", "A", "a b", "***"])("'%s' is not one", (text) => {
    expect(patternShape.test(text)).toBe(false);
  });
});

it("An execution's event also answers to its instance.execution name", () => {
  expect(matchesAny(["instance.execution.*"], "execution.started")).toBe(true);
  expect(matchesAny(["instance.status.*"], "execution.started")).toBe(false);
});

it("Events of tasks come to whoever names tasks or all of a run, and not to who asked for a run's own", () => {
  const hears = (pattern: string) => matchesAny([pattern], "execution.task.claimed");
  expect(
    ["execution.task.*", "execution.**", "instance.execution.**", "**"].filter((pattern) => !hears(pattern)),
  ).toEqual([]);
  expect(["execution.*", "instance.execution.*", "*"].filter(hears)).toEqual([]);
});
